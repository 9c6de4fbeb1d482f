"""Names of roles and levels as pages write them."""

from flask_babel import lazy_gettext as _l

ROLE_NAMES = {
    "registrar": _l("名录管理员"),
    "planner": _l("计划员"),
    "supervisor": _l("监督员"),
    "head": _l("负责人"),
    "inspector": _l("执法检查员"),
    "reviewer": _l("审核员"),
    "credit_officer": _l("信用管理员"),
    "overseer": _l("电子监察员"),
    "auditor": _l("审计员"),
    "administrator": _l("系统管理员"),
}
LEVEL_NAMES = {"province": _l("省级"), "city": _l("市级"), "county": _l("县级")}
POOL_NAMES = {"region": _l("本区划全部对象"), "listed": _l("仅列入名录的对象")}
