"""Sentences of what is refused while a draw is prepared, in both languages, with the way out."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "exclusion_not_found": (
        "没有这项人工排除，或不在您的管辖范围内。请从人工排除列表中选择。",
        "There is no such manual exclusion in your sight. Choose one from the list.",
    ),
    "exclusion_refused": (
        "不能提出这项人工排除：{why:zh}。请补正后重新提交。",
        "This manual exclusion cannot be asked for: {why:en}. Mend it and send it again.",
    ),
    "exclusion_decided": (
        "这项人工排除已经处理过。如需改变，请另行提出。",
        "This manual exclusion was decided before. Ask for another one if something is to change.",
    ),
    "exclusion_same_person": (
        "提出人工排除的人不能自己确认。请由另一名监督员确认。",
        "Whoever asked for an exclusion does not decide on it: another person, a supervisor, confirms it.",
    ),
    "whole_refused": (
        "全覆盖检查只适用于全部为重点事项的任务；{items} 不是重点事项。请按比例抽取，或修订计划任务的事项。",
        (
            "The whole population is drawn only where every item is a key item; {items} is none. Draw by the "
            "ratios, or amend the items of the plan line."
        ),
    ),
    "too_few_seats": (
        "检查组有 {seats} 个执法检查席位（专家不计），细则要求至少 {needed} 个。请增加席位。",
        "The team has {seats} seats for inspectors (experts not counted); the rules ask for {needed}. Add seats.",
    ),
    "offer_not_found": (
        "没有这项合并提议，或它不是向本机关提出的。请从草稿页面进入。",
        "There is no such offer to merge, or it is not for your body. Enter from the page of the draft.",
    ),
    "offer_refused": (
        "不能合并为一次联合抽查：{why:zh}。两个机关可以各自继续准备。",
        "These cannot become one joint draw: {why:en}. Each body can go on by itself.",
    ),
    "work_stopped": (
        "准备工作已停止，没有生成任何内容。可以随时重新开始。",
        "The work was stopped and nothing was made. Start it again at any time.",
    ),
    "not_working": (
        "目前没有正在进行的预检。请重新开始。",
        "Nobody works on this draft at the moment. Start the pre-flight again.",
    ),
}
