"""The sentences of the registry's errors, Chinese and English, each with the way out."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bad_filter": (
        "范围表达式第 {at} 个字符处无法读懂：{reason}。请按“字段 = 值 and 字段 in (值, 值)”的写法修改。",
        "The filter cannot be read at character {at}: {reason}. Write it like: region = 330102.",
    ),
    "unknown_filter_field": (
        "范围表达式里没有“{field}”，或它不能取“{value}”。可用的有：{known}。",
        "The filter has no {field}, or it cannot be {value}. There are: {known}.",
    ),
    "invalid_rule_set": (
        "抽查工作细则的“{where}”不合规定（{value}）：{reason}。请改正后再提交。",
        "The rule set's {where} cannot be {value}: {reason}. Mend it and submit again.",
    ),
    "invalid_record": (
        "“{field}”不能是“{value}”：{reason}。请改正后再提交。",
        "{field} cannot be {value}: {reason}. Mend it and submit again.",
    ),
    "invalid_code": (
        "“{value}”不是有效的统一社会信用代码：{reason}。请对照营业执照核对。",
        "{value} is no valid unified social credit code: {reason}. Compare it with the business licence.",
    ),
    "item_not_ready": (
        "抽查事项 {item} 缺少{missing}，不能生效。请补全依据、抽查主体、抽查方式和检查人员要求。",
        "Item {item} lacks {missing} and cannot come into force. Complete it first.",
    ),
    "wrong_item_state": (
        "抽查事项 {item} 的状态是“{status}”，不能这样做。",
        "Item {item} is {status}; this cannot be done with it now.",
    ),
    "already_there": (
        "“{value}”已经在库中。请改用已有的记录，或换一个编号。",
        "{value} is there already. Use the existing record, or another number.",
    ),
    "conflict_decided": (
        "这一回避事项已有决定（{status}），不能再次决定。",
        "This conflict of interest was decided ({status}) and cannot be decided again.",
    ),
    "own_decision": (
        "不能决定或批准本人提出的事项（{what}）。请由另一位有权的人办理。",
        "Nobody decides or approves the own act ({what}). Ask another person who has the right.",
    ),
    "already_approved": (
        "细则 {rule_set} 已经批准。需要修改时请新建一个版本。",
        "Rule set {rule_set} was approved. Make a new version to change it.",
    ),
    "wrong_plan_state": (
        "年度抽查工作计划的状态是“{status}”，不能这样做。",
        "The annual plan is {status}; this cannot be done with it now.",
    ),
    "items_not_in_force": (
        "计划第 {line} 项列入了未生效的抽查事项：{items}。请先让这些事项生效，或从计划中去掉。",
        "Plan line {line} names items that are not in force: {items}. Put them in force, or leave them out.",
    ),
    "subject_not_found": (
        "名录库中没有代码为 {value} 的检查对象。请核对代码。",
        "No subject has the code {value}. Check the code.",
    ),
    "inspector_not_found": (
        "名录库中没有证号为 {value} 的执法检查人员。请核对证号。",
        "No inspector has the certificate number {value}. Check the number.",
    ),
    "item_not_found": (
        "没有编号为 {value} 的抽查事项。请在随机抽查事项清单中查找。",
        "No item has the code {value}. Look it up in the item list.",
    ),
    "rule_set_not_found": (
        "机关 {body} 在 {on} 没有已批准的抽查工作细则。请先建立并批准细则。",
        "No approved rule set is in force for {body} on {on}. Add one and have it approved first.",
    ),
    "plan_line_not_found": (
        "年度抽查工作计划中没有编号为 {value} 的一项。请核对编号。",
        "No annual plan has a line {value}. Check the number.",
    ),
    "conflict_not_found": (
        "没有这一回避事项（{value}）。",
        "There is no such conflict of interest ({value}).",
    ),
    "record_not_found": (
        "没有这一记录（{value}）。",
        "There is no such record ({value}).",
    ),
    "unreadable_file": (
        "文件 {file} 无法读取：{reason}。请另存为 UTF-8 或 GB18030 编码的 CSV 文件再导入。",
        "The file {file} cannot be read: {reason}. Save it as CSV in UTF-8 or GB18030 and import it again.",
    ),
    "missing_columns": (
        "文件缺少必需的列：{missing}。文件里的列是：{found}。请补上列名后再导入。",
        "The file lacks columns that are needed: {missing}. Found: {found}. Name them and import again.",
    ),
    "repeated_column": (
        "列“{first}”与“{second}”含义相同（{field}）。请只保留一列。",
        "The columns {first} and {second} both mean {field}. Keep one of them.",
    ),
}
