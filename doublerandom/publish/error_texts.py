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
    "code_missing": (
        "没有给出统一社会信用代码。请在地址中写明 ?code=代码。",
        "No unified social credit code was given. Put it into the address as ?code=CODE.",
    ),
    "log_empty": (
        "日志还是空的，没有检查点。第一条写入后再来。",
        "The log is still empty, so there is no checkpoint. Come back after its first entry.",
    ),
    "log_entry_not_found": (
        "日志没有第{index}条，目前共有{size}条（从 0 起）。请从日志页面进入。",
        "The log has no entry {index}; it holds {size}, counted from 0. Start from the log's page.",
    ),
    "no_such_log_range": (
        "日志没有所要的范围（{value}），目前共有{size}条。请给出 0 ≤ 起点 < 终点 ≤ 条数 的整数。",
        "The log has no such range ({value}); it holds {size} entries. Give integers with 0 ≤ start < end ≤ size.",
    ),
}
