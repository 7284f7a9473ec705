//! The accounts that `script/server` prints and the README lists.

/// Everybody's password in the demo tenant. It is public, so the demo never goes into a database
/// that holds another tenant.
pub const PASSWORD: &str = "Qingchuan-2026";

#[derive(Clone, Copy, Debug)]
pub struct Account {
    pub phone: &'static str,
    pub name: &'static str,
    /// Role and committee, as printed.
    pub what: &'static str,
}

pub const ACCOUNTS: [Account; 7] = [
    Account {
        phone: "19900000001",
        name: "系统管理员",
        what: "系统管理员",
    },
    Account {
        phone: "19900000002",
        name: "周予安",
        what: "书记，团清川市委",
    },
    Account {
        phone: "19900000003",
        name: "沈未央",
        what: "管理员，团清川市委",
    },
    Account {
        phone: "19900000004",
        name: "秦望舒",
        what: "书记，团青溪县委",
    },
    Account {
        phone: "19900000005",
        name: "陆之遥",
        what: "管理员，团青溪县委",
    },
    Account {
        phone: "19900000006",
        name: "林晓禾",
        what: "团干部，团溪口镇委",
    },
    Account {
        phone: "19900000007",
        name: "程听雪",
        what: "团干部，团梅岭乡委（另一个区）",
    },
];
