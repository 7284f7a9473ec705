//! The dictionary of indicators: code, name, 口径, unit, roll-up and what is counted once. The codes
//! are those of the league's indicator list. No page has a second definition.

/// How rows become the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
    /// Rows in the period: every row belongs to one committee and one day.
    Sum,
    /// Different keys in the period at the level asked; children's figures are never added.
    Distinct,
    /// Different keys that are valid on the last day.
    Stock,
    /// Different keys that were valid on any day of the period.
    Lived,
    /// The middle of the rows' amounts at the level asked; children's are never averaged.
    Median,
    /// Of the keys of the second figure (on the last day, where it is a stock), those that the first has in
    /// the period, at the level asked (their codes): a share, so never above 100 %. Children's rates are
    /// never averaged.
    Ratio(&'static str, &'static str),
    /// As `Ratio`, where whatever the first counts is among the second's by what it is: what was closed had to
    /// be handled.
    Share(&'static str, &'static str),
    /// Unit-months with enough evenings, of all unit-months.
    UnitMonths,
}

/// What one counted thing is, and so what a row behind the figure shows and opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Visit,
    Youth,
    Cadre,
    Organisation,
    /// A cadre on a visit.
    Attendance,
    /// A young person on a visit.
    Meeting,
    /// A county-level unit on an evening.
    UnitEvening,
    /// A county-level unit in a month.
    UnitMonth,
    Issue,
}

#[derive(Debug)]
pub struct Indicator {
    /// C05.
    pub code: &'static str,
    /// 走访: a sheet of the year-end table.
    pub group: &'static str,
    pub name: &'static str,
    /// What stands before the number in a sentence: 走访青年 3164 人.
    pub spoken: &'static str,
    /// 口径: what is counted, once for what, when.
    pub definition: &'static str,
    /// What is counted once (去重).
    pub once: &'static str,
    pub unit: &'static str,
    pub rollup: Rollup,
    pub counted: Counted,
    /// Of the shape `(tenant_id, scope, day, key, row_id)`; for a rate that of its numerator.
    pub view: &'static str,
}

impl Indicator {
    /// Whether it counts evenings of units: above a county, what belongs to no unit is left out.
    pub(super) fn is_of_units(&self) -> bool {
        self.counted == Counted::UnitEvening
    }

    /// How the level above is made, in the words of the dictionary page.
    pub fn rollup_label(&self) -> &'static str {
        match self.rollup {
            Rollup::Sum => "可以相加",
            Rollup::Distinct => "按所看的层级重新去重，下级之和不等于上级",
            Rollup::Stock => "期末在册，按所看的层级去重",
            Rollup::Lived => "按所看的层级去重，期初没办结的也在内",
            Rollup::Median => "按所看的层级重新取中位数",
            Rollup::Ratio(..) | Rollup::Share(..) => "分子、分母按所看的层级重新计算",
            Rollup::UnitMonths => "达标的单位月÷应有的单位月",
        }
    }
}

/// How many evenings a month a unit sets for visits (domain.md §2.3).
pub const EVENINGS: u32 = 4;

pub fn get(code: &str) -> Option<&'static Indicator> {
    ALL.iter().find(|indicator| indicator.code == code)
}

pub const ALL: &[Indicator] = &[
    Indicator {
        code: "A07",
        group: "组织",
        name: "团干部数",
        spoken: "团干部",
        definition: "期末在职的团干部，按专职、挂职、兼职分列；一人多职算一人，分列时各列都算",
        once: "团干部",
        unit: "人",
        rollup: Rollup::Stock,
        counted: Counted::Cadre,
        view: "figure_a07",
    },
    Indicator {
        code: "A08",
        group: "组织",
        name: "应绑定团干部数",
        spoken: "应绑定团干部",
        definition: "期末在职、适用“1+100”的团干部：专职、挂职，和县级以上领导机关的兼职",
        once: "团干部",
        unit: "人",
        rollup: Rollup::Stock,
        counted: Counted::Cadre,
        view: "figure_a08",
    },
    Indicator {
        code: "C01",
        group: "走访",
        name: "团干部参加走访人次",
        spoken: "团干部参加走访",
        definition: "一次走访、一名参加的团干部，计一人次；作废和合并的走访不计",
        once: "走访＋团干部",
        unit: "人次",
        rollup: Rollup::Sum,
        counted: Counted::Attendance,
        view: "figure_c01",
    },
    Indicator {
        code: "C02",
        group: "走访",
        name: "访谈夜场次",
        spoken: "举办访谈夜",
        definition: "18:00 至次日 5:59 开始、见到了青年的走访；一场计一场，不因多人参加重复",
        once: "走访",
        unit: "场",
        rollup: Rollup::Sum,
        counted: Counted::Visit,
        view: "figure_c02",
    },
    Indicator {
        code: "C03",
        group: "走访",
        name: "走访基层团组织数",
        spoken: "走访基层团组织",
        definition: "走访到的不同村（社区）、企业、学校、青年之家等；合并的按承继的单位计一次",
        once: "单位",
        unit: "个",
        rollup: Rollup::Distinct,
        counted: Counted::Organisation,
        view: "figure_c03",
    },
    Indicator {
        code: "C04",
        group: "走访",
        name: "走访村（社区）数",
        spoken: "走访村（社区）",
        definition: "走访地点所在的不同村（社区）；合并的按承继的村计一次",
        once: "村（社区）",
        unit: "个",
        rollup: Rollup::Distinct,
        counted: Counted::Organisation,
        view: "figure_c04",
    },
    Indicator {
        code: "C05",
        group: "走访",
        name: "走访青年数",
        spoken: "走访青年",
        definition: "走访到的不同青年，同一青年计一次；“另有 k 人未登记”不计",
        once: "青年",
        unit: "人",
        rollup: Rollup::Distinct,
        counted: Counted::Youth,
        view: "figure_c05",
    },
    Indicator {
        code: "C06",
        group: "走访",
        name: "走访青年人次",
        spoken: "走访青年",
        definition: "同一青年每见一次计一人次",
        once: "走访＋青年",
        unit: "人次",
        rollup: Rollup::Sum,
        counted: Counted::Meeting,
        view: "figure_c06",
    },
    Indicator {
        code: "C07",
        group: "走访",
        name: "集中夜访晚次",
        spoken: "集中夜访",
        definition: "单位开展夜访的不同晚上；单位是县（市、区）和市本级，直属系统、功能区和省本级不是单位，和乡镇一样只看自己的晚上",
        once: "县（市、区）、市本级＋晚",
        unit: "晚次",
        rollup: Rollup::Distinct,
        counted: Counted::UnitEvening,
        view: "figure_c07",
    },
    Indicator {
        code: "C08",
        group: "走访",
        name: "集中夜访达标单位月",
        spoken: "集中夜访达标单位月占",
        definition: "县（市、区）和市本级当月夜访满 4 晚的单位月÷应有的单位月；不满一个月的按天数折算，至少 1 晚；直属系统、功能区和省本级不是单位，不算；乡镇（街道）的页上数自己的",
        once: "县（市、区）、市本级＋月",
        unit: "%",
        rollup: Rollup::UnitMonths,
        counted: Counted::UnitMonth,
        view: "figure_c07",
    },
    Indicator {
        code: "C09",
        group: "走访",
        name: "参与夜访团干部数",
        spoken: "参与夜访团干部",
        definition: "参加过夜访的不同团干部，按团干部当时所在的单位计",
        once: "团干部",
        unit: "人",
        rollup: Rollup::Distinct,
        counted: Counted::Cadre,
        view: "figure_c09",
    },
    Indicator {
        code: "C10",
        group: "走访",
        name: "夜访参与率",
        spoken: "夜访参与率",
        definition: "应绑定团干部（A08）里参加过夜访的÷应绑定团干部数（A08）；C09 里不在 A08 的兼职和已离任的不进分子，所以不超过 100%",
        once: "—",
        unit: "%",
        rollup: Rollup::Ratio("C09", "A08"),
        counted: Counted::Cadre,
        view: "figure_c09",
    },
    Indicator {
        code: "D01",
        group: "诉求",
        name: "收集诉求数",
        spoken: "收集诉求",
        definition: "登记的诉求，按听到它的那一晚，计在登记单位；作废和合并的不计",
        once: "诉求",
        unit: "件",
        rollup: Rollup::Sum,
        counted: Counted::Issue,
        view: "figure_d01",
    },
    Indicator {
        code: "D02",
        group: "诉求",
        name: "帮助解决诉求数",
        spoken: "帮助解决诉求",
        definition: "办结结果是已解决或部分解决的诉求，按办结那天，计在登记单位；重开的不计，再办结再计",
        once: "诉求",
        unit: "件",
        rollup: Rollup::Sum,
        counted: Counted::Issue,
        view: "figure_d02",
    },
    Indicator {
        code: "D03",
        group: "诉求",
        name: "办结诉求数",
        spoken: "办结诉求",
        definition: "办结的诉求，连已解释说明和不予受理，按办结那天，计在登记单位；重开的不计，再办结再计",
        once: "诉求",
        unit: "件",
        rollup: Rollup::Sum,
        counted: Counted::Issue,
        view: "figure_d03",
    },
    Indicator {
        code: "D04",
        group: "诉求",
        name: "办结率",
        spoken: "诉求办结率",
        definition: "办结诉求数（D03）÷应办诉求数（D04A）",
        once: "—",
        unit: "%",
        rollup: Rollup::Share("D03", "D04A"),
        counted: Counted::Issue,
        view: "figure_d03",
    },
    Indicator {
        code: "D04A",
        group: "诉求",
        name: "应办诉求数",
        spoken: "应办诉求",
        definition: "报告期内要办的诉求：期内听到的，和听到得早、期初还没有办结的；作废和合并的不计",
        once: "诉求",
        unit: "件",
        rollup: Rollup::Lived,
        counted: Counted::Issue,
        view: "figure_d04a",
    },
    Indicator {
        code: "D05",
        group: "诉求",
        name: "按期办结率",
        spoken: "诉求按期办结率",
        definition: "期限内办结的诉求÷办结诉求数（D03）；暂停的时间不算",
        once: "—",
        unit: "%",
        rollup: Rollup::Share("D05", "D03"),
        counted: Counted::Issue,
        view: "figure_d05",
    },
    Indicator {
        code: "D06",
        group: "诉求",
        name: "办理时长中位数",
        spoken: "办理时长中位数",
        definition: "办结的诉求从受理到办结用的工作日，取中位数；等青年补充和挂起的日子不算",
        once: "—",
        unit: "工作日",
        rollup: Rollup::Median,
        counted: Counted::Issue,
        view: "figure_d06",
    },
    Indicator {
        code: "D09",
        group: "诉求",
        name: "诉求分类分布",
        spoken: "收集诉求",
        definition: "收集的诉求按 16 类分列，各类之和等于收集诉求数",
        once: "诉求",
        unit: "件",
        rollup: Rollup::Sum,
        counted: Counted::Issue,
        view: "figure_d01",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_defined_once_and_rates_name_figures_that_are_there() {
        for (index, one) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.code != one.code));
            if let Rollup::Ratio(n, d) | Rollup::Share(n, d) = one.rollup {
                assert!(get(n).is_some() && get(d).is_some());
            }
        }
    }
}
