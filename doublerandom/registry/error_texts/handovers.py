"""Sentences of the errors of licences."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "licence_refused": (
        "许可信息有 {count} 处不合规定，整条未收。请按所列字段改正后重新推送。",
        "The licence event has {count} problems and was not taken. Mend the fields listed and deliver it again.",
    ),
    "handover_not_found": (
        "没有这一审管衔接事项（{value}），或它不在您的管辖范围内。请从收件箱中打开。",
        "There is no such hand-over ({value}) within your sight. Open it from the inbox.",
    ),
    "wrong_handover_state": (
        "这一审管衔接事项已经办理，不能这样做。请刷新页面查看现状。",
        "This hand-over was dealt with already. Reload the page to see where it stands.",
    ),
}
