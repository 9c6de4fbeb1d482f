"""The chapters on what follows a visit: deadlines, consequences, display periods, result categories."""

from typing import Final

from doublerandom.registry.rule_words.parameters import (
    DAYS,
    HOURS,
    LAW_5,
    LAW_54,
    LAW_58,
    LOCAL,
    ORDER_44,
    ORDER_45,
    PROTOCOL,
    REPAIR,
    WORKING_DAYS,
    Chapter,
    Pair,
    Parameter,
)

KINDS: Final[dict[str, Pair]] = {
    "reward": ("守信激励", "reward"),
    "penalty": ("失信惩戒", "penalty"),
}
LEVELS: Final[dict[str, Pair]] = {
    "minor": ("轻微", "minor"),
    "ordinary": ("一般", "ordinary"),
    "serious": ("严重", "serious"),
}
EFFECTS: Final[dict[str, Pair]] = {
    "raise": ("提高一类抽查", "one class riskier"),
    "lower": ("降低一类抽查", "one class less risky"),
    "exempt": ("期内免于抽查", "out of the draws"),
    "none": ("不影响抽取", "no effect on draws"),
}
RECORDS: Final[dict[str, Pair]] = {
    "result": ("抽查结果", "inspection result"),
    "penalty": ("行政处罚信息", "administrative penalty"),
    "credit": ("信用信息", "credit record"),
    "abnormal_list": ("经营异常名录", "list of abnormal operations"),
    "serious_list": ("严重违法失信名单", "list of serious violations"),
}

DEADLINES: Final = Chapter(
    "deadlines",
    ("期限", "Deadlines"),
    (
        "各项期限。工作日按平台的工作日历计算，含调休。",
        "All time limits. Working days are those of the platform's calendar, with its shifted days.",
    ),
    LAW_5,
    (
        Parameter(
            "publish_working_days",
            "whole",
            ("结果公示", "Publication of results"),
            (
                "检查结束后多少个工作日内公示；逾期仍须公示并标明。",
                "Working days after the check; a late publication is made all the same, and marked.",
            ),
            LAW_5,
            True,
            unit=WORKING_DAYS,
        ),
        Parameter(
            "result_minutes",
            "whole",
            ("抽取结果写入日志", "Result in the log"),
            ("约定时刻后多少分钟内。", "Minutes after the draw is due."),
            PROTOCOL,
            True,
            unit=("分钟", "minutes"),
        ),
        Parameter(
            "reveal_days",
            "whole",
            ("全部揭示", "Everything opened"),
            ("约定时刻后最迟多少天。", "Days after the draw is due, at the latest."),
            PROTOCOL,
            True,
            unit=DAYS,
        ),
        Parameter(
            "prepared_days",
            "whole",
            ("准备后可签署的天数", "Days to sign what was prepared"),
            (
                "准备好的抽取多少天内可以签署，过期须重新准备；不填为 7 天。",
                "Days within which a prepared draw is signed, else it is prepared anew; 7 if not said.",
            ),
            PROTOCOL,
            unit=DAYS,
        ),
        Parameter(
            "emergency_approval_hours",
            "whole",
            ("紧急检查补办批准", "Approval after an emergency"),
            ("紧急情况先检查的，事后多少小时内补办批准。", "Hours within which it is approved afterwards."),
            LAW_54,
            unit=HOURS,
        ),
        Parameter(
            "penalty_working_days",
            "whole",
            ("行政处罚公示", "Publication of penalties"),
            ("作出决定后多少个工作日内公示。", "Working days after the decision."),
            ORDER_45,
            unit=WORKING_DAYS,
        ),
        Parameter(
            "penalty_cross_province_working_days",
            "whole",
            ("跨省处罚每一环节", "Penalties across provinces, each step"),
            (
                "跨省处罚信息移送和公示各多少个工作日。",
                "Working days for handing over, and again for publication.",
            ),
            ORDER_45,
            unit=WORKING_DAYS,
        ),
        Parameter(
            "withdraw_working_days",
            "whole",
            ("撤销后撤回公示", "Withdrawal of what was revoked"),
            ("处罚被撤销、变更后多少个工作日内撤回。", "Working days after a penalty was revoked."),
            ORDER_45,
            unit=WORKING_DAYS,
        ),
        Parameter(
            "abnormal_list_working_days",
            "whole",
            ("列入经营异常名录的决定", "Abnormal-list decision"),
            (
                "查实之日起多少个工作日内由人作出决定；系统只提出核查清单。",
                "Working days after verification; a person decides, the program only opens a checklist.",
            ),
            REPAIR,
            unit=WORKING_DAYS,
        ),
        Parameter(
            "letters_min_days",
            "whole",
            ("两次邮寄至少相隔", "Two letters, at least apart"),
            (
                "“通过登记的住所无法联系”须两次邮寄专用信函。",
                "“Cannot be contacted” needs two registered letters so many days apart.",
            ),
            REPAIR,
            unit=DAYS,
        ),
        Parameter(
            "letters_max_days",
            "whole",
            ("两次邮寄至多相隔", "Two letters, at most apart"),
            source=REPAIR,
            unit=DAYS,
        ),
        Parameter(
            "repair_working_days",
            "whole",
            ("信用修复申请的决定", "Decision on a repair"),
            ("收到申请后多少个工作日内决定。", "Working days after the application."),
            REPAIR,
            unit=WORKING_DAYS,
        ),
    ),
)

CREDIT: Final = Chapter(
    "credit",
    ("信用后果", "Credit consequences"),
    (
        "公示的结果提出哪些信用记录，由信用监管人员决定。不会自动列入严重违法失信名单。",
        (
            "What a published result proposes; a credit officer decides. The list of serious violations is never"
            " proposed."
        ),
    ),
    f"{LAW_5}；{ORDER_44}",
    (
        Parameter(
            "",
            "rows",
            ("规则", "Rules"),
            required=True,
            columns=(
                Parameter("when.categories", "texts", ("结果类别", "Categories"), required=True),
                Parameter("when.clean_visits", "whole", ("连续几次", "Visits in a row")),
                Parameter("kind", "choice", ("种类", "Kind"), required=True, options=KINDS),
                Parameter("level", "choice", ("程度", "Level"), required=True, options=LEVELS),
                Parameter("effect", "choice", ("对抽取的影响", "Effect"), required=True, options=EFFECTS),
                Parameter("days", "whole", ("措施天数", "Days"), required=True),
                Parameter("display_min_days", "whole", ("最短公示天数", "Display, least days")),
                Parameter("display_max_days", "whole", ("最长公示天数", "Display, most days")),
                Parameter("measure", "text", ("措施", "Measure")),
                Parameter("basis", "text", ("依据", "Basis")),
            ),
        ),
    ),
    "rows",
)

DISPLAY: Final = Chapter(
    "display",
    ("公示期限", "Display periods"),
    (
        "各类信息最短、最长公示多久：满最短期限可以申请修复，满最长期限自动停止公示。",
        (
            "How long each kind is shown: after the least the subject may apply for repair, after the most it ends"
            " by itself."
        ),
    ),
    f"{ORDER_45}；{REPAIR}",
    (
        Parameter(
            "",
            "rows",
            ("公示期", "Periods"),
            required=True,
            columns=(
                Parameter("record", "choice", ("信息种类", "Record"), required=True, options=RECORDS),
                Parameter("level", "token", ("程度", "Level"), required=True),
                Parameter("min_days", "whole", ("最短天数", "Least days")),
                Parameter("max_days", "whole", ("最长天数", "Most days")),
                Parameter("basis", "text", ("依据", "Basis")),
            ),
        ),
    ),
    "rows",
)

CATEGORIES: Final = Chapter(
    "categories",
    ("检查结果类别", "Result categories"),
    (
        "录入结果时可选的类别及其含义，带起止日期；其他系统的叫法对应到哪一类。",
        (
            "What may be recorded and what follows from it, with its dates; and which category the names of other"
            " systems mean."
        ),
    ),
    LAW_58,
    (
        Parameter(
            "table",
            "rows",
            ("类别", "Categories"),
            required=True,
            columns=(
                Parameter("code", "text", ("代码", "Code"), required=True),
                Parameter("zh", "text", ("中文", "Chinese"), required=True),
                Parameter("en", "text", ("英文", "English"), required=True),
                Parameter("exclusive", "flag", ("不与其他并列", "Stands alone")),
                Parameter("follow_up", "flag", ("须有后续处理", "Needs follow-up")),
                Parameter("proposes", "flag", ("提请核查经营异常", "Proposes abnormal-list check")),
                Parameter("ends_eligibility", "flag", ("不再作为检查对象", "Ends eligibility")),
                Parameter("valid_from", "day", ("起", "From"), required=True),
                Parameter("valid_to", "day", ("止", "To")),
            ),
        ),
        Parameter(
            "names",
            "rows",
            ("其他系统的叫法", "Names in other systems"),
            ("别的系统导出的结果按这张表转换。", "Results from other systems are read by this table."),
            LOCAL,
            columns=(
                Parameter("system", "text", ("系统", "System"), required=True),
                Parameter("code", "text", ("该系统代码", "Its code"), required=True),
                Parameter("text", "text", ("该系统叫法", "Its words"), required=True),
                Parameter("category", "text", ("对应类别", "Category here"), required=True),
            ),
        ),
    ),
)

CHAPTERS: Final = (DEADLINES, CREDIT, DISPLAY, CATEGORIES)
