"""Sentences of the errors of conflicts."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "conflict_decided": (
        "这一回避事项已有决定（{status:zh}），不能再次决定。需要改变的，请提前结束后重新登记。",
        "This conflict of interest was decided ({status:en}) and cannot be decided again. End it early and enter it anew where that must change.",
    ),
    "conflict_not_found": (
        "没有这一回避事项（{value}）。",
        "There is no such conflict of interest ({value}).",
    ),
    "own_conflict": (
        "这一回避事项由您本人申报、登记，或者涉及您本人，不能由您决定。请由机关的另一位负责人审查。",
        "You declared or entered this conflict of interest, or are the inspector in it, so you do not decide it. Ask another head.",
    ),
    "conflict_not_in_force": (
        "这一回避事项在 {on} 并不生效，不能提前结束。",
        "This conflict of interest does not hold on {on}, so there is nothing to end.",
    ),
    "bad_evidence": (
        "“{name}”不能作为材料：只收 PDF、JPEG、PNG 文件，且不超过 {megabytes} MB。请另存后重新上传。",
        "{name} cannot be taken: documents are PDF, JPEG or PNG files of at most {megabytes} MB. Save it as one.",
    ),
    "tie_not_found": (
        "没有这一任职或利益关系（{value}），或者该人员不在您的可见范围内。",
        "There is no such tie ({value}), or its inspector is out of your sight.",
    ),
    "tie_withdrawn": (
        "这一任职或利益关系已经撤回，不必再次撤回。",
        "This tie was withdrawn before.",
    ),
}
