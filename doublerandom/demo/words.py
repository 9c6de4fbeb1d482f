"""Role names for the first screen of the demonstration."""

ROLE_WORDS = {
    "registrar": "登记员 registrar",
    "planner": "计划员 planner",
    "supervisor": "监督员 supervisor",
    "head": "机关负责人 head",
    "inspector": "检查人员 inspector",
    "reviewer": "审核人 reviewer",
    "credit_officer": "信用管理员 credit officer",
    "overseer": "监察员 overseer",
    "auditor": "审计员 auditor",
    "administrator": "管理员 administrator",
}
