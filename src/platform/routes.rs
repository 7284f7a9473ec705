//! The route table. A route cannot be registered without saying who may use it and what it is; the
//! table is a value from which the guard, the permission page and the sweeps are made.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::MethodFilter;
use axum::routing::on;

use super::scope::Role;
use super::site::Site;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Without signing in.
    Anyone,
    /// Whoever is signed in, the 系统管理员 too.
    SignedIn,
    /// Whoever is signed in under an appointment with one of these roles.
    Roles(&'static [Role]),
}

impl Who {
    /// 团干部, 书记, 管理员.
    pub const CADRES: Self = Self::Roles(&[Role::Cadre, Role::Secretary, Role::Admin]);
    /// 书记, 管理员.
    pub const LEADERS: Self = Self::Roles(&[Role::Secretary, Role::Admin]);
    /// 管理员.
    pub const ADMINS: Self = Self::Roles(&[Role::Admin]);
    /// 系统管理员.
    pub const OPERATOR: Self = Self::Roles(&[Role::System]);

    pub fn allows(self, role: Option<Role>) -> bool {
        match self {
            Self::Anyone => true,
            Self::SignedIn => role.is_some(),
            Self::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    /// As axum writes it: `/visits/{id}`.
    pub path: &'static str,
    pub who: Who,
    /// What it is, for the permission page, in the words of the house.
    pub what: &'static str,
    /// Its form carries a file: more than the usual is read of it.
    pub takes_file: bool,
}

#[derive(Debug, Default)]
pub struct Routes {
    pub(super) table: Vec<Route>,
    pub(super) router: Router<Arc<Site>>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn get<H, T>(self, path: &'static str, who: Who, what: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.add(Method::GET, MethodFilter::GET, path, who, what, handler)
    }

    #[must_use]
    pub fn post<H, T>(self, path: &'static str, who: Who, what: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.add(Method::POST, MethodFilter::POST, path, who, what, handler)
    }

    /// As `post`, of a form with a file (`extract::Upload`).
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, who: Who, what: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        let mut routes = self.post(path, who, what, handler);
        if let Some(route) = routes.table.last_mut() {
            route.takes_file = true;
        }
        routes
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        self.router = self.router.merge(other.router);
        self
    }

    pub fn table(&self) -> &[Route] {
        &self.table
    }

    pub fn into_parts(self) -> (Vec<Route>, Router<Arc<Site>>) {
        (self.table, self.router)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        who: Who,
        what: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        #[expect(clippy::disallowed_methods, reason = "this is the room of routes")]
        let router = self.router.route(path, on(filter, handler));
        self.router = router;
        self.table.push(Route {
            method,
            path,
            who,
            what,
            takes_file: false,
        });
        self
    }
}
