"""Sentences of the errors of plans."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "wrong_plan_state": (
        "年度抽查工作计划现为“{status:zh}”，不能这样做。请看计划页上的下一步；已公布的计划须先编制修订。",
        "The annual plan is {status:en}; this cannot be done with it now. See the next step on its page.",
    ),
    "plan_not_ready": (
        "年度计划还不能提交：{missing}。请补全后再提交。",
        "The annual plan cannot be submitted yet: {missing_en}. Complete it first.",
    ),
    "amendment_not_reasoned": (
        "修订计划必须写明修订理由，批准时须填写批准文号。请补填。",
        "An amendment needs its reason, and an approval number when it is approved. Fill them in.",
    ),
    "no_published_plan": (
        "本机关 {year} 年还没有公布年度抽查工作计划，临时任务无从加入。请先编制并公布年度计划。",
        "This body has published no annual plan for {year} yet that a task could be added to. Publish one first.",
    ),
    "plan_open": (
        "本机关 {year} 年已有一份计划（第 {version} 版）在编制、审批或施行中。请在该计划上修改或修订。",
        "There is a plan for {year} already (version {version}) that is not closed. Edit or amend that plan.",
    ),
    "plan_line_not_found": (
        "年度抽查工作计划中没有编号为 {value} 的一项。请核对编号。",
        "No annual plan has a line {value}. Check the number.",
    ),
}
