"""Sentences of the errors of inspectors."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "inspector_not_found": (
        "名录库中没有证号为 {value} 的执法检查人员。请核对证号。",
        "No inspector has the certificate number {value}. Check the number.",
    ),
    "certificate_not_found": (
        "这名检查人员没有这本证件。请回到人员页面，从证件列表中选择。",
        "The inspector has no such certificate. Go back to the inspector and choose one from the list.",
    ),
    "qualification_not_found": (
        "没有这条专业资格，或它已被后来的记录代替。请回到人员页面查看现在有效的记录。",
        "There is no such qualification, or a later entry has replaced it. See the inspector's page for what stands.",
    ),
    "absence_not_found": (
        "没有这条请假、培训或其他公务记录。请回到人员页面，从日历中选择。",
        "There is no such leave, training or duty. Go back to the inspector and choose it from the calendar.",
    ),
    "absence_superseded": (
        "这条记录已被后来的记录更正。请打开更正后的那一条再改。",
        "A later entry has corrected this one. Open the later one and change that.",
    ),
    "absence_overlaps": (
        "{first} 至 {last} 已登记过同类记录，与所填日期重叠。请更正原记录，不要重复登记。",
        "The same kind is entered from {first} to {last} and overlaps these days. Correct that entry instead.",
    ),
    "past_absence": (
        "本人只能报告今天及以后的日子。已经过去的，请由名录管理员登记。",
        "You can announce today and later days. What is past is entered by the registrar.",
    ),
    "certificate_overlaps": (
        "证号 {number} 在 {first} 至 {last} 已有一条有效期，与所填日期重叠。请填写换证后的新有效期。",
        "Certificate {number} has its dates from {first} to {last} already. Enter the dates of the renewal.",
    ),
    "days_out_of_order": (
        "最后一天早于第一天。请核对两个日期。",
        "The last day is before the first. Check the two dates.",
    ),
}
