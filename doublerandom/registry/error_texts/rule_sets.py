"""Sentences of the errors of rule sets."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "invalid_rule_set": (
        "抽查工作细则的“{place_zh}”不能是“{value}”：{reason_zh}。请改正后再提交。",
        "The rule set's {place_en} cannot be {value}: {reason_en}. Mend it and submit again.",
    ),
    "already_approved": (
        "细则 {rule_set} 已经批准。需要修改时请新建一个版本。",
        "Rule set {rule_set} was approved. Make a new version to change it.",
    ),
    "wrong_rule_set_state": (
        "细则 {rule_set} 现在不能这样办理：只有草稿可以修改、提交或撤回，只有已提交的可以批准或退回。请刷新后查看其状态。",
        "This cannot be done with rule set {rule_set} now: drafts alone are changed, submitted or withdrawn, and what was submitted is approved or returned. Reload the page and look at its state.",
    ),
    "empty_rule_set": (
        "细则 {rule_set} 没有任何一章内容，不能提交。请至少填写一章。",
        "Rule set {rule_set} has no section yet and cannot be submitted. Fill in one at least.",
    ),
    "backdated_rule_set": (
        "细则 {rule_set} 的施行日期 {first_day} 早于批准当日 {today}，而 {other} 在此期间已经施行，不能溯及既往。请退回起草人，将施行日期改为 {today} 或以后。",
        "Rule set {rule_set} would begin on {first_day}, before the day of approval {today}, while {other} was in force. What was in force does not change afterwards: return it to its author and let it begin on {today} or later.",
    ),
    "rule_set_not_found": (
        "{body}及其上级机关在 {on} 施行的抽查工作细则都没有规定“{place_zh}”。请先在细则中规定并经批准。",
        "No approved rule set in force on {on}, of {body} or any body above it, says anything of {place_en}. Add it to a rule set and have that approved first.",
    ),
}
