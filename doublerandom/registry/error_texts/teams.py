"""Sentences of the errors of standing teams."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "team_not_found": (
        "没有编号为 {value} 的检查组。请从检查组列表中选择。",
        "There is no standing team {value}. Choose one from the list.",
    ),
    "team_ended": (
        "检查组 {value} 已撤销，不能再改。需要时请新建检查组。",
        "Team {value} has ended and cannot be changed. Set up a new one if needed.",
    ),
    "team_too_small": (
        "检查组至少要有两名执法检查人员，专家不计入。请再加一名组员。",
        "A team has at least two inspectors; experts do not count. Add a member.",
    ),
    "team_lead": (
        "检查组要有且只有一名组长。请只把一人设为组长。",
        "A team has exactly one lead. Make one person the lead.",
    ),
    "team_member_twice": (
        "证号 {value} 在名单中出现了两次。请删去一处。",
        "Certificate {value} stands in the list twice. Remove one.",
    ),
    "member_is_expert": (
        "{name}（{value}）是专家，不能作为执法检查人员计入检查组。请改为“随行专家”。",
        "{name} ({value}) is an expert and does not count as an inspector. Let them go along as an expert.",
    ),
    "member_not_expert": (
        "{name}（{value}）在名录库中不是专家。请改为组长或组员，或先把其登记为专家。",
        "{name} ({value}) is no expert in the pool. Make them lead or member, or enter them as an expert first.",
    ),
    "member_elsewhere": (
        "{name}（{value}）不属于本机关及下级机关的同一执法领域。请从本机关的人员中选择。",
        "{name} ({value}) is not of this body or below, or of another line of work. Choose from this body's people.",
    ),
    "member_not_ready": (
        "{name}（{value}）在起始日没有有效的执法证件，或已不在库。请先补登证件。",
        "{name} ({value}) has no valid certificate on the first day, or has left the pool. Enter the certificate first.",
    ),
    "member_in_team": (
        "{name}（{value}）这段时间已在检查组 {team} 中。请先从那个组移出。",
        "{name} ({value}) belongs to team {team} in this time. Take them out of that team first.",
    ),
}
