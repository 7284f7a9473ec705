//! Which kind of table each one is, and what its kind is guarded by. A new table is one more line;
//! a new kind needs its reason in docs/architecture.md, "The three walls".

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Seen and written by who has its committee in his interval.
    Scoped,
    /// As that, and the row whose number one was told is found, to appoint the same person.
    Numbered,
    /// As scoped, insert-only, and written by the planter too.
    Book,
    /// Several committees are concerned, each by a column of its own besides `scope`.
    Sided(&'static [&'static str]),
    /// As that, and one row more to whoever holds its secret (`app.session`): a link, a query code.
    Linked(&'static [&'static str]),
    /// Seen from several sides as that, written only by who has `scope` in his interval.
    Shown(&'static [&'static str]),
    /// Read in the whole tenant, written within the interval.
    Directory,
    /// As that, and one's own row is read from wherever one stands (several appointments).
    People,
    /// As the kind inside, and written through the door of a committee's public page by this policy.
    Doored(&'static Kind, Policy),
    /// Written and read in the whole tenant: says nothing of anybody.
    Marks,
    /// Only the row that a setting names, by these rules (command, using, with check).
    Keyed(&'static [Policy]),
    /// Read by all.
    Open(&'static [Policy]),
}

type Policy = (&'static str, &'static str, &'static str);

const SWEPT: &str =
    "(expires_at < (current_setting('app.swept_before'::text))::timestamp with time zone)";
const ENDED: &str =
    "(ends_at < (current_setting('app.swept_before'::text))::timestamp with time zone)";
const PLANTED: &str = "(current_setting('app.planter'::text) = 'on'::text)";
const BELOW: &str = "(((code_lo > (current_setting('app.lo'::text))::bigint) AND (code_lo <= \
     (current_setting('app.hi'::text))::bigint)) OR (current_setting('app.planter'::text) = 'on'::text))";

/// What may be written through a public page, and nothing read: one matter at its beginning, its reporter,
/// its line; a counter and a mark say nothing of anybody.
const BEGUN: Policy = (
    "INSERT",
    "",
    "((scope = (NULLIF(current_setting('app.door'::text, true), ''::text))::bigint) AND (handler_scope = scope) AND (sender_scope = scope) AND (source = 'online'::text) AND (state = 'pending'::text) AND (step IS NULL) AND (received_by IS NULL) AND (handler_cadre_id IS NULL) AND (youth_id IS NULL) AND (NOT is_public))",
);
const TOLD: Policy = (
    "INSERT",
    "",
    "((scope = (NULLIF(current_setting('app.door'::text, true), ''::text))::bigint) AND (handler_scope = scope) AND (sender_scope = scope))",
);
const NOTED: Policy = (
    "INSERT",
    "",
    "((scope = (NULLIF(current_setting('app.door'::text, true), ''::text))::bigint) AND (verb = 'issue_added'::text) AND (cadre_id IS NULL))",
);
const COUNTED: Policy = (
    "ALL",
    "((scope = (NULLIF(current_setting('app.door'::text, true), ''::text))::bigint) AND (kind = 'issue'::text))",
    "",
);
const MARKED: Policy = (
    "ALL",
    "(scope = (NULLIF(current_setting('app.door'::text, true), ''::text))::bigint)",
    "",
);

pub const KINDS: &[(&str, Kind)] = &[
    ("appointments", Kind::People),
    ("cadre_particulars", Kind::Numbered),
    ("cadres", Kind::People),
    ("counters", Kind::Doored(&Kind::Scoped, COUNTED)),
    ("day_book", Kind::Doored(&Kind::Book, NOTED)),
    ("deputies", Kind::Directory),
    ("feedback", Kind::Scoped),
    (
        "issue_closings",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    (
        "issue_extensions",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    (
        "issue_files",
        Kind::Sided(&["handler_scope", "sender_scope", "part_scope"]),
    ),
    (
        "issue_followups",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    (
        "issue_handoffs",
        Kind::Sided(&["handler_scope", "sender_scope", "to_scope"]),
    ),
    (
        "issue_instructions",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    ("issue_limits", Kind::Directory),
    (
        "issue_links",
        Kind::Linked(&["handler_scope", "sender_scope"]),
    ),
    (
        "issue_moves",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    ("issue_notices", Kind::Sided(&["from_scope"])),
    (
        "issue_parts",
        Kind::Sided(&["handler_scope", "sender_scope", "part_scope"]),
    ),
    (
        "issue_pauses",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    (
        "issue_reporters",
        Kind::Doored(&Kind::Sided(&["handler_scope", "sender_scope"]), TOLD),
    ),
    ("issue_recounts", Kind::Scoped),
    ("issue_rules", Kind::Directory),
    (
        "issue_verdicts",
        Kind::Sided(&["handler_scope", "sender_scope"]),
    ),
    (
        "issues",
        Kind::Doored(&Kind::Sided(&["handler_scope", "sender_scope"]), BEGUN),
    ),
    ("organisations", Kind::Directory),
    ("stale_months", Kind::Doored(&Kind::Marks, MARKED)),
    ("stats", Kind::Scoped),
    ("typed_figures", Kind::Scoped),
    ("visit_cadres", Kind::Shown(&["cadre_scope"])),
    ("visit_corrections", Kind::Scoped),
    ("visit_problems", Kind::Scoped),
    ("visit_youths", Kind::Shown(&["youth_scope"])),
    ("visits", Kind::Scoped),
    ("youth_cadres", Kind::Scoped),
    ("youth_words", Kind::Scoped),
    ("youths", Kind::Scoped),
    (
        "accounts",
        Kind::Keyed(&[(
            "ALL",
            "((phone_hash = current_setting('app.login'::text)) OR (id = (current_setting('app.account'::text))::uuid))",
            "",
        )]),
    ),
    (
        "sessions",
        Kind::Keyed(&[
            (
                "ALL",
                "((token_hash = current_setting('app.session'::text)) OR (account_id = (current_setting('app.account'::text))::uuid))",
                "",
            ),
            ("DELETE", ENDED, ""),
            ("SELECT", ENDED, ""),
        ]),
    ),
    (
        "parked_posts",
        Kind::Keyed(&[
            (
                "ALL",
                "(key_hash = current_setting('app.session'::text))",
                "",
            ),
            ("DELETE", SWEPT, ""),
            ("SELECT", SWEPT, ""),
        ]),
    ),
    (
        "calendar_years",
        Kind::Open(&[
            ("INSERT", "", PLANTED),
            ("SELECT", "true", ""),
            ("UPDATE", PLANTED, ""),
        ]),
    ),
    (
        "committees",
        Kind::Open(&[
            ("INSERT", "", BELOW),
            ("SELECT", "true", ""),
            ("UPDATE", BELOW, ""),
        ]),
    ),
];

/// Tables from which the serving role may delete, and why. Records are never deleted, only voided.
pub const DELETED: &[(&str, &str)] = &[
    ("parked_posts", "a form that went through or expired"),
    ("sessions", "signed out or ended"),
    ("stale_months", "computed"),
    ("stats", "a figure that fell to nothing"),
    ("visit_cadres", "a correction names other companions"),
    ("visit_youths", "a correction names others who were met"),
    ("youth_cadres", "no visit is left on which he met them"),
    ("youth_words", "a corrected name is found by its new words"),
    (
        "typed_figures",
        "who typed it takes it back; the day book keeps what it was",
    ),
];

const CARRIED: &str = "goes with the issue that it hangs on";

/// Columns that say whose a row is and change all the same, and why.
pub const MOVING: &[(&str, &str)] = &[
    ("issue_closings.handler_scope", CARRIED),
    ("issue_closings.sender_scope", CARRIED),
    ("issue_extensions.handler_scope", CARRIED),
    ("issue_extensions.sender_scope", CARRIED),
    ("issue_files.handler_scope", CARRIED),
    ("issue_files.sender_scope", CARRIED),
    ("issue_followups.handler_scope", CARRIED),
    ("issue_followups.sender_scope", CARRIED),
    ("issue_handoffs.handler_scope", CARRIED),
    ("issue_handoffs.sender_scope", CARRIED),
    ("issue_instructions.handler_scope", CARRIED),
    ("issue_instructions.sender_scope", CARRIED),
    ("issue_links.handler_scope", CARRIED),
    ("issue_links.sender_scope", CARRIED),
    ("issue_moves.handler_scope", CARRIED),
    ("issue_moves.sender_scope", CARRIED),
    ("issue_parts.handler_scope", CARRIED),
    ("issue_parts.sender_scope", CARRIED),
    ("issue_pauses.handler_scope", CARRIED),
    ("issue_pauses.sender_scope", CARRIED),
    ("issue_reporters.handler_scope", CARRIED),
    ("issue_reporters.sender_scope", CARRIED),
    ("issue_verdicts.handler_scope", CARRIED),
    ("issue_verdicts.sender_scope", CARRIED),
    ("issues.handler_committee_id", "a problem changes hands"),
    ("issues.handler_scope", "a problem changes hands"),
    ("issues.sender_scope", "who sent it last"),
];

impl Kind {
    /// What the catalogue says of its policies, sorted: command, using, with check.
    pub fn policies(self) -> Vec<(String, String, String)> {
        let own = within("scope");
        let planter = "(current_setting('app.planter'::text) = 'on'::text)";
        let tenant = "(tenant_id = (current_setting('app.tenant'::text))::integer)";
        let myself = "(account_id = (current_setting('app.account'::text))::uuid)";
        let directory = |read: String| {
            vec![
                ("INSERT".into(), String::new(), own.clone()),
                ("SELECT".into(), read, String::new()),
                ("UPDATE".into(), own.clone(), String::new()),
            ]
        };
        match self {
            Self::Shown(columns) => vec![
                ("DELETE".into(), own.clone(), String::new()),
                ("INSERT".into(), String::new(), own.clone()),
                ("SELECT".into(), sides(columns), String::new()),
                ("UPDATE".into(), own.clone(), String::new()),
            ],
            Self::Doored(kind, (command, using, check)) => {
                let mut policies = kind.policies();
                policies.push((command.into(), using.into(), check.into()));
                policies
            }
            Self::Scoped => vec![("ALL".into(), own, String::new())],
            Self::Numbered => vec![
                ("ALL".into(), own, String::new()),
                (
                    "SELECT".into(),
                    "(phone_hash = current_setting('app.login'::text))".into(),
                    String::new(),
                ),
            ],
            Self::Book => vec![
                (
                    "INSERT".into(),
                    String::new(),
                    format!("({own} OR {planter})"),
                ),
                ("SELECT".into(), own, String::new()),
            ],
            Self::Sided(columns) => vec![("ALL".into(), sides(columns), String::new())],
            Self::Linked(columns) => {
                let held = "(token_hash = current_setting('app.session'::text))";
                vec![
                    ("ALL".into(), sides(columns), String::new()),
                    ("ALL".into(), held.into(), held.into()),
                ]
            }
            Self::Marks => vec![("ALL".into(), format!("({own} OR {tenant})"), String::new())],
            Self::Directory => directory(format!("({own} OR {tenant})")),
            Self::People => directory(format!("({own} OR {tenant} OR {myself})")),
            Self::Keyed(policies) | Self::Open(policies) => policies
                .iter()
                .map(|(command, using, check)| {
                    ((*command).into(), (*using).into(), (*check).into())
                })
                .collect(),
        }
    }

    /// Without the door.
    pub fn inner(self) -> Self {
        match self {
            Self::Doored(kind, _) => *kind,
            other => other,
        }
    }

    /// Rows that lie at a committee.
    pub fn has_place(self) -> bool {
        !matches!(self, Self::Keyed(_) | Self::Open(_))
    }

    /// Read outside the interval, inside the tenant.
    pub fn is_listed(self) -> bool {
        let open = [Self::Directory, Self::People, Self::Marks];
        open.contains(&self.inner())
    }
}

/// Any of the committees concerned.
fn sides(columns: &[&str]) -> String {
    let all = std::iter::once("scope").chain(columns.iter().copied());
    let all: Vec<String> = all.map(within).collect();
    format!("({})", all.join(" OR "))
}

fn within(column: &str) -> String {
    format!(
        "(({column} >= (current_setting('app.lo'::text))::bigint) AND ({column} <= (current_setting('app.hi'::text))::bigint))"
    )
}
