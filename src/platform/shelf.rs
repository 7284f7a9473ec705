//! What a slice keeps in memory for one running server: one value of each type, made when first asked
//! for. Never anything that a scope decides: open reference data only.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug, Default)]
pub struct Shelf(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Shelf {
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = kept.entry(TypeId::of::<T>());
        let value = slot.or_insert_with(|| Arc::new(T::default())).clone();
        value
            .downcast()
            .expect("the value under a type's id is of that type")
    }
}
