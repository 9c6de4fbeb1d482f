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
    "exclusion_owner": (
        "只有提出人可以撤回这项人工排除。请由提出人撤回，或由监督员作出意见。",
        "Only who asked for this exclusion takes it back. Let that person do it, or a supervisor refuse it.",
    ),
    "basis_changed": (
        "抽取 {draw} 准备以后，{what:zh}已有变化，不能再签署。请重新准备：从抽取页面“照此重新准备”，各项选择都保留。",
        (
            "Since draw {draw} was prepared, {what:en} changed, and it can no longer be signed. Prepare it anew: "
            "“Prepare anew from this” on the draw's page keeps all that was chosen."
        ),
    ),
    "prepared_too_long_ago": (
        "抽取 {draw} 准备后已超过 {days} 天，名录可能已变，不能再签署。请从抽取页面“照此重新准备”。",
        (
            "Draw {draw} was prepared more than {days} days ago; the registry may have changed, and it can no longer "
            "be signed. Choose “Prepare anew from this” on the draw's page."
        ),
    ),
    "batch_drawn": (
        "任务 {annual_item} 已由抽取 {draw} 抽过，同一批不能再抽。请准备下一批（第 {following} 批）。",
        "Draw {draw} has drawn {annual_item}; one batch is not drawn twice. Prepare the next one (batch {following}).",
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
