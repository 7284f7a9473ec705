//! The figures, in Markdown, as docs/performance.md has them.

use qingting::kit::clock::{Clock, local};

use crate::load::Outcome;

/// Server and pgbench, one after the other.
#[derive(Clone, Debug)]
pub struct Round {
    pub ours: Outcome,
    pub theirs: Outcome,
}

impl Round {
    fn rate(&self) -> f64 {
        self.ours.per_second() / self.theirs.per_second()
    }
}

#[derive(Debug)]
pub struct Report {
    head: String,
    pages: Vec<String>,
    figures: Vec<String>,
}

impl Report {
    pub fn new(machine: &str) -> Self {
        let today = local(Clock::system().now()).date();
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        Self {
            head: format!("{today}, {cores} cores {machine}"),
            pages: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// A line of its own; a goal comes with whether it was reached.
    pub fn figure(&mut self, what: &str, value: &str, goal: Option<(&str, bool)>) {
        let (goal, verdict) = goal.map_or(("", ""), |(goal, reached)| (goal, word(reached)));
        eprintln!("{what}: {value} {goal} {verdict}");
        self.figures
            .push(format!("| {what} | {value} | {goal} | {verdict} |"));
    }

    /// The round whose ratio lies in the middle.
    pub fn page(&mut self, name: &str, messages: f64, mut rounds: Vec<Round>) {
        rounds.sort_by(|one, two| one.rate().total_cmp(&two.rate()));
        let Some(Round { ours, theirs }) = rounds.get(rounds.len() / 2) else {
            return;
        };
        let server = ours.each(ours.used.server);
        let database = ours.each(ours.used.database);
        let bench = theirs.each(theirs.used.database + theirs.asker);
        let ratios = [
            (ours.per_second() / theirs.per_second(), 0.5, true),
            (server / database, 1.0, false),
            ((server + database) / bench, 2.2, false),
        ];
        let shown = ratios.map(|(ratio, goal, at_least)| {
            let reached = if at_least {
                ratio >= goal
            } else {
                ratio <= goal
            };
            format!("{ratio:.2} {}", word(reached))
        });
        let line = format!(
            "| {name} | {messages:.0} | {:.0} | {:.0} | {} | {server:.2} | {database:.2} | {:.2} + {:.2} | {} | {} | {:.1} / {:.1} |",
            ours.per_second(),
            theirs.per_second(),
            shown[0],
            theirs.each(theirs.used.database),
            theirs.each(theirs.asker),
            shown[1],
            shown[2],
            ours.percentile(50),
            ours.percentile(99),
        );
        eprintln!("{line}");
        self.pages.push(line);
    }

    pub fn print(&self) {
        println!("{}\n", self.head);
        println!(
            "| page | messages | server, requests/s | pgbench, tps | ratio (≥ 0.5) | CPU ms: server | database \
             | pgbench: database + client | server ÷ database (≤ 1.0) | both ÷ pgbench (≤ 2.2) | p50 / p99, ms |"
        );
        println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        println!("{}\n", self.pages.join("\n"));
        println!("| what | measured | goal | |\n|---|---|---|---|");
        println!("{}", self.figures.join("\n"));
    }
}

fn word(reached: bool) -> &'static str {
    if reached { "✓" } else { "✗" }
}
