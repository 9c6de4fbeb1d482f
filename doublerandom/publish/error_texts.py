"""Sentences of the errors of publish: Chinese, English."""

TEXTS = {
    "not_for_publication": (
        "该结果尚未审核通过，或已经公示。请刷新后再看。",
        "This result is not reviewed yet, or it is public already. Reload the page.",
    ),
    "disclosure_not_found": (
        "没有这条公示信息。请核对编号，或从公示结果列表查找。",
        "There is no such published result. Check the number, or look in the list of results.",
    ),
    "no_such_log_range": (
        "日志没有所要的范围（{value}），目前共有{size}条。请给出 0 ≤ 起点 < 终点 ≤ 条数 的整数。",
        "The log has no such range ({value}); it holds {size} entries. Give integers with 0 ≤ start < end ≤ size.",
    ),
}
