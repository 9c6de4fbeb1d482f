"""Sentences of the errors of credit: Chinese, English."""

TEXTS = {
    "credit_record_not_found": (
        "没有这条信用记录，或不在您的管辖范围内。",
        "There is no such credit record, or it is outside your sight.",
    ),
    "credit_decided": (
        "这条信用记录已经处理，不能再次确认或驳回。请刷新后查看结论。",
        "This credit record was decided before. Reload the page to see the decision.",
    ),
    "own_credit_case": (
        "检查结果由您录入或审核，其信用后果须由他人确认。",
        "You recorded or reviewed the result; somebody else confirms its consequence.",
    ),
}
