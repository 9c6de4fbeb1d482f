"""The chapters that decide a draw: who is drawn at which ratio, by whom, and who is left alone."""

from typing import Final

from doublerandom.registry.rule_words.parameters import (
    DAYS,
    HOURS,
    LAW_5,
    LAW_38,
    LAW_54,
    LAW_58,
    LOCAL,
    PENALTY_LAW_42,
    PENALTY_LAW_43,
    TIMES,
    WORKING_DAYS,
    YEARS,
    Chapter,
    Pair,
    Parameter,
)

QUOTAS: Final[dict[str, Pair]] = {
    "rate": ("不低于（向上取整）", "at least (rounded up)"),
    "at_most": ("不超过（向下取整）", "at most (rounded down)"),
    "fixed": ("固定数", "a fixed number"),
    "all": ("全部，只抽先后", "all, in drawn order"),
    "per_inspector": ("按检查人员数", "per inspector"),
    "excluded": ("不抽", "not drawn"),
}

STRATA: Final = Chapter(
    "strata",
    ("分层与抽查比例", "Strata and ratios"),
    (
        "抽查对象分几层，各层抽多少。重点事项不设比例上限，可以全部抽取，此时只抽先后次序。",
        (
            "Which strata there are and how many each gives. Key items have no ceiling: all may be drawn, then the"
            " draw gives the order."
        ),
    ),
    f"{LAW_38}；{LOCAL}",
    (
        Parameter(
            "by",
            "choice",
            ("分层依据", "Strata by"),
            (
                "行业等级可以公开；信用风险分类只供内部使用，按它分层的抽取，检查对象名录封闭。",
                (
                    "A sector grade may be public; the risk class is internal, so a draw by class keeps its"
                    " subjects' pool closed."
                ),
            ),
            LAW_5,
            True,
            {"grade": ("行业等级", "sector grade"), "class": ("信用风险分类", "credit-risk class")},
        ),
        Parameter(
            "quotas",
            "rows",
            ("各层", "Strata"),
            (
                (
                    "每层写明代号、属于它的等级或分类、比例种类和数值。“不低于”向上取整，“不超过”向下取整，“按检查人员数”"
                    "如 5/1 表示每名检查人员 5 户。"
                ),
                (
                    "For each stratum its token, the grades or classes in it, the kind of quota and its number."
                    " Minimum ratios round up, maximum ratios down; 5/1 per inspector means five subjects each."
                ),
            ),
            LAW_38,
            True,
            columns=(
                Parameter("stratum", "token", ("层代号", "Stratum"), required=True),
                Parameter("when", "texts", ("等级或分类", "Grades or classes"), required=True),
                Parameter("quota.kind", "choice", ("抽取方式", "Quota"), required=True, options=QUOTAS),
                Parameter("quota.rate", "rate", ("比例", "Ratio")),
                Parameter("quota.number", "whole", ("户数", "Number")),
            ),
        ),
        Parameter(
            "otherwise",
            "token",
            ("其余归入", "All others are in"),
            ("没有等级或分类的检查对象属于哪一层。", "The stratum of those without a grade or class."),
            LOCAL,
            True,
        ),
    ),
)

CAPS: Final = Chapter(
    "caps",
    ("频次上限与无事不扰", "Frequency caps"),
    (
        "什么时候不再抽到同一家企业。被排除的仍留在名录库里，写明理由。只计已经实施或已揭示的检查。",
        (
            "When a business is left alone. Whoever is excluded stays in the pool with the reason. Only visits"
            " carried out or revealed count."
        ),
    ),
    LAW_54,
    (
        Parameter(
            "per_year",
            "whole",
            ("每年合计上限", "Visits a year, all bodies"),
            ("一个自然年内各机关检查合计达到这个数即不再抽取。", "All bodies' visits in a calendar year."),
            LAW_54,
            True,
            unit=TIMES,
        ),
        Parameter(
            "per_level",
            "whole",
            ("每年每一层级上限", "Visits a year, one level"),
            ("同一层级（省、市、县）的机关合计。", "By bodies of the same level (province, city, county)."),
            LAW_54,
            unit=TIMES,
        ),
        Parameter(
            "per_agency",
            "whole",
            ("每年每一机关上限", "Visits a year, one body"),
            ("本机关自己的检查。", "The body's own visits."),
            LAW_54,
            unit=TIMES,
        ),
        Parameter(
            "low_risk.classes",
            "texts",
            ("低风险对象的分类", "Low-risk classes"),
            (
                "哪些分类（按等级分层的，填等级）适用下面的较低上限。",
                "The classes (grades, where strata are by grade) to which the lower cap below applies.",
            ),
            LAW_54,
        ),
        Parameter(
            "low_risk.number",
            "whole",
            ("低风险对象每年上限", "Visits a year, low risk"),
            ("低风险企业一年内不重复检查。", "A low-risk business is not visited twice in a year."),
            LAW_54,
            unit=TIMES,
        ),
        Parameter(
            "cool_down_days",
            "whole",
            ("检查间隔", "Cool-down"),
            (
                "上次检查后这么多天内不再抽取；0 为不设。",
                "Not drawn within so many days after a visit; 0: none.",
            ),
            LAW_54,
            True,
            unit=DAYS,
        ),
        Parameter(
            "drawn_years",
            "whole",
            ("已抽中的不再抽取", "Drawn lately"),
            ("这么多年内抽中过的不再抽取（如税务稽查 3 年）。", "Not drawn again within so many years."),
            LOCAL,
            unit=YEARS,
        ),
        Parameter(
            "upper_level_days",
            "whole",
            ("上级查过的不重复", "After an upper level's visit"),
            (
                "上级机关检查过的，下级在这么多天内不重复检查。",
                "The lower level does not repeat an upper level's visit within so many days.",
            ),
            LOCAL,
            unit=DAYS,
        ),
        Parameter(
            "draws_no_disturbance",
            "flag",
            ("无事不扰名单内照常抽取", "Draws the no-disturbance list too"),
            (
                "不勾选：列入无事不扰名单期间不参加抽取。重点事项可勾选。",
                "Left out, nobody on the list is drawn while on it. May be said for key items.",
            ),
            LOCAL,
        ),
        Parameter(
            "counting_kinds",
            "tokens",
            ("计入上限的检查种类", "Kinds of visit that count"),
            (
                "例如个案检查是否计入。不填：凡标明计入的都算。",
                "Say, whether case inspections count. Empty: every visit that says it counts.",
            ),
            LAW_54,
        ),
        Parameter(
            "exempt_grounds",
            "tokens",
            ("不受频次限制的事由", "Exemption grounds"),
            (
                "投诉举报、上级交办等，每一次都要有证据。",
                "Complaint, assigned from above and so on; each needs its evidence.",
            ),
            LAW_54,
        ),
        Parameter(
            "warn.day",
            "whole",
            ("一天内预警", "Warn above, a day"),
            ("同一企业一天内超过这个数即预警。", "A warning when one business has more visits in a day."),
            LAW_54,
            unit=TIMES,
        ),
        Parameter("warn.week", "whole", ("一周内预警", "Warn above, a week"), source=LAW_54, unit=TIMES),
        Parameter("warn.month", "whole", ("一月内预警", "Warn above, a month"), source=LAW_54, unit=TIMES),
        Parameter(
            "no_finding_limit",
            "whole",
            ("多次未发现问题的人员", "Nothing found, same inspector"),
            (
                "同一人员一年内在同一企业这么多次未发现问题的，不再派往该企业。",
                "An inspector who found nothing at one business so often in a year is not sent there again.",
            ),
            LAW_54,
            unit=TIMES,
        ),
        Parameter(
            "exempt_measures",
            "flag",
            ("守信激励可以免查", "Rewards may exempt"),
            (
                "效果为“免于抽查”的激励措施在期内是否把企业排除在抽取之外。",
                "Whether a reward with the effect `exempt` keeps a business out of the draws while it lasts.",
            ),
            LAW_5,
            True,
        ),
    ),
)

CONFLICTS: Final = Chapter(
    "conflicts",
    ("回避", "Conflicts of interest"),
    (
        "哪些人不得检查哪些企业。硬性事由一律分开；软性事由在人手不足时让步，让步的对数要公开。",
        (
            "Who must not inspect whom. Hard grounds part a pair whatever it costs; soft ones give way where too"
            " few are left, and how many did is published."
        ),
    ),
    PENALTY_LAW_43,
    (
        Parameter(
            "hard",
            "tokens",
            ("硬性事由", "Hard grounds"),
            ("如近亲属、经济利益、经批准的回避申请。", "Close relatives, interests, granted recusals."),
            PENALTY_LAW_43,
            required=True,
        ),
        Parameter(
            "soft",
            "tokens",
            ("软性事由", "Soft grounds"),
            ("如上次检查过、日常监管该企业。", "Inspected it last time, its regular supervisor."),
            LOCAL,
            required=True,
        ),
        Parameter(
            "soft_needs",
            "whole",
            ("软性事由至少留下", "Soft grounds need"),
            (
                "某企业可派人员少于这个数时，软性事由不再分开；通常为席位数的两倍。",
                (
                    "With fewer eligible inspectors than this a subject keeps its hard pairs only; twice the seats"
                    " is usual."
                ),
            ),
            LOCAL,
            True,
            unit=("人", "inspectors"),
        ),
        Parameter(
            "rotation",
            "flag",
            ("轮换", "Rotation"),
            ("上次检查该企业的人员这次不去。", "The inspectors of the last visit do not go again."),
            LOCAL,
            True,
        ),
        Parameter(
            "former_years",
            "whole",
            ("曾任职者的回避年限", "Former employees"),
            ("曾在该企业任职的，离职后这么多年内回避。", "For so many years after having worked there."),
            PENALTY_LAW_43,
            True,
            unit=YEARS,
        ),
        Parameter(
            "supervisor",
            "flag",
            ("日常监管人员回避", "Regular supervisors"),
            (
                "日常监管该企业的人员是否按规则形成回避。",
                "Whether a subject's regular supervisor is parted by rule.",
            ),
            LOCAL,
        ),
        Parameter(
            "related",
            "flag",
            ("关联人员回避", "Related persons"),
            (
                "与企业的股东、负责人等有相同身份标识或申报关联的是否按规则形成回避。",
                "Whether shared identifiers with a related person or company part a pair by rule.",
            ),
            PENALTY_LAW_43,
        ),
    ),
)

TEAM: Final = Chapter(
    "team",
    ("检查组席位", "Seats of a team"),
    (
        "每组有哪些席位，按填补先后排列，最难填的在前。专家席位不计入法定两人。",
        (
            "The seats in the order in which they are filled, the hardest first. Experts do not count towards the"
            " two inspectors."
        ),
    ),
    PENALTY_LAW_42,
    (
        Parameter(
            "",
            "rows",
            ("席位", "Seats"),
            required=True,
            columns=(
                Parameter("seat", "token", ("席位代号", "Seat"), required=True),
                Parameter("department", "token", ("条线", "Line of work")),
                Parameter("skills", "tokens", ("资格", "Qualifications")),
            ),
        ),
    ),
    "rows",
)

QUORUM: Final = Chapter(
    "quorum",
    ("最少人数", "Quorum"),
    ("一次检查至少几名持有效证件的执法人员。", "How many inspectors with valid certificates a visit needs."),
    PENALTY_LAW_42,
    (
        Parameter(
            "persons",
            "whole",
            ("执法人员不少于", "Inspectors at least"),
            ("法律的下限是两人；专家和辅助人员不计入。", "The law's minimum is two; experts never count."),
            PENALTY_LAW_42,
            True,
            unit=("人", "persons"),
        ),
    ),
)

CAPACITY: Final = Chapter(
    "capacity",
    ("每人上限", "Capacity"),
    ("一次抽取中一名检查人员最多几个席位。", "Most seats for one inspector in one draw."),
    LOCAL,
    (Parameter("", "whole", ("每人最多", "Most seats each"), required=True, unit=("席", "seats")),),
    "one",
)

AVAILABILITY: Final = Chapter(
    "availability",
    ("可派条件", "Availability"),
    (
        "检查期内因休假、培训而可用的工作日不足的，不参加匹配，写明理由。",
        "Whoever has too few working days left by leave or training is excluded with the reason.",
    ),
    LAW_58,
    (
        Parameter(
            "working_days",
            "whole",
            ("至少可用", "Available for at least"),
            ("检查期内应有的工作日数。", "Working days that an inspector must have in the window."),
            LAW_58,
            True,
            unit=WORKING_DAYS,
        ),
        Parameter(
            "window_days",
            "whole",
            ("检查期", "Window"),
            ("从抽取之日起多少天内应完成检查；不填则不核对可用日。", "Days from the draw within which visits are due; empty: not checked."),
            LOCAL,
            unit=DAYS,
        ),
        Parameter(
            "reminder_days",
            "whole",
            ("证件到期提醒", "Certificates ending, remind"),
            ("执法证件到期前多少天提醒。", "Days before a certificate ends."),
            PENALTY_LAW_42,
            unit=DAYS,
        ),
    ),
)

LOAD: Final = Chapter(
    "load",
    ("任务均衡", "Load"),
    (
        "以往的任务是否带入新的抽取。只能分档带入：若按实数带入，做得最少的人必被派到，结果可以预知。",
        "Whether earlier work counts in a new deal. In coarse bands only: by exact counts whoever has done least would be certain to come.",
    ),
    LOCAL,
    (
        Parameter(
            "period_days",
            "whole",
            ("统计期", "Period"),
            ("统计最近多少天的任务。", "The load of so many days before the draw."),
            LOCAL,
            True,
            unit=DAYS,
        ),
        Parameter(
            "bands",
            "wholes",
            ("分档", "Bands"),
            ("任务数达到各档即多计一次；不填则每次抽取都从零开始。", "Each limit that is reached counts once; empty: every deal starts at nothing."),
            LOCAL,
        ),
    ),
)

VISIT: Final = Chapter(
    "visit",
    ("检查组何时看到任务", "When a team sees its task"),
    (
        "不预先通知的检查，名单提前多久对检查组可见。",
        "How long before the visit an unannounced task is shown to its team.",
    ),
    LOCAL,
    (
        Parameter(
            "hours_before",
            "whole",
            ("检查前", "Before the visit"),
            (
                "抽中名单在检查前可能需要保密，查看留痕。",
                "A drawn list may have to stay secret until the visit.",
            ),
            LOCAL,
            True,
            unit=HOURS,
        ),
        Parameter(
            "unannounced",
            "flag",
            ("一律不预先通知", "Never announced"),
            (
                "本领域的检查都不预先通知；不填时由计划任务逐项决定。",
                "No check of this domain is announced; left out, each line of the plan says so for itself.",
            ),
            LOCAL,
        ),
    ),
)

SNAPSHOT: Final = Chapter(
    "class_snapshot_days",
    ("分类数据的时效", "Age of the risk classes"),
    (
        "信用风险分类按月变动；所用分类早于这么多天时提示更新。",
        "Risk classes change monthly; a warning when those in use are older than this.",
    ),
    LAW_5,
    (Parameter("", "whole", ("超过即提示", "Warn when older than"), required=True, unit=DAYS),),
    "one",
)

CHAPTERS: Final = (STRATA, CAPS, CONFLICTS, TEAM, QUORUM, CAPACITY, LOAD, AVAILABILITY, VISIT, SNAPSHOT)
