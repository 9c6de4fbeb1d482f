"""The closed lists of reasons for which a subject or an inspector is replaced; pure."""

from typing import Final

from flask_babel import lazy_gettext as _l

INSPECTOR_REASONS: Final = {
    "ill": _l("患病"),
    "left": _l("调离、退休或停职"),
    "certificate": _l("执法证件失效"),
    "conflict": _l("新发现应当回避"),
    "recusal": _l("回避申请获准"),
    "empty": _l("席位空缺，现有可派人员"),
}
SUBJECT_REASONS: Final = {
    "closed": _l("已停业关闭"),
    "moved": _l("已迁出"),
    "deregistered": _l("已注销或吊销"),
    "duplicate": _l("与另一检查对象重复"),
    "overlap": _l("近期已由其他机关检查"),
}
DIRECT_REASONS: Final = {
    "none-in-region": _l("本区域没有合格人员"),
    "all-barred": _l("合格人员均须回避"),
    "all-full": _l("合格人员均已满额"),
}
REASONS: Final = {
    "subject": SUBJECT_REASONS,
    "inspector": INSPECTOR_REASONS,
    "direct": DIRECT_REASONS,
}
"""By the kind of replacement, as the log says it."""

ALL_REASONS: Final = {**SUBJECT_REASONS, **INSPECTOR_REASONS, **DIRECT_REASONS}
PROVED: Final = frozenset({*SUBJECT_REASONS, "ill", "left", "certificate"})
"""Reasons that need a document; conflicts are proved in the registry, empty seats by the deal."""

OWN_REASONS: Final = ("ill", "left", "certificate")
"""What an inspector, or the office for an inspector, gives as the reason not to go."""

KIND_NAMES: Final = {
    "subject": _l("更换检查对象"),
    "inspector": _l("更换检查人员"),
    "direct": _l("直接指派"),
}
