"""Sentences of the errors of rule sets."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "invalid_rule_set": (
        "抽查工作细则的“{where}”不合规定（{value}）：{reason}。请改正后再提交。",
        "The rule set's {where} cannot be {value}: {reason}. Mend it and submit again.",
    ),
    "already_approved": (
        "细则 {rule_set} 已经批准。需要修改时请新建一个版本。",
        "Rule set {rule_set} was approved. Make a new version to change it.",
    ),
    "rule_set_not_found": (
        "机关 {body} 在 {on} 没有已批准的抽查工作细则。请先建立并批准细则。",
        "No approved rule set is in force for {body} on {on}. Add one and have it approved first.",
    ),
}
