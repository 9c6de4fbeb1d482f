"""The sentences of the ceremony's errors."""

TEXTS: dict[str, tuple[str, str]] = {
    "source_not_found": (
        "抽取 {draw} 的方案中没有这样的随机数来源。请从“随机数录入”页面进入。",
        "The plan of draw {draw} has no such source of randomness. Start from the page “Values”.",
    ),
    "witness_not_found": (
        "抽取 {draw} 没有这位见证人，或其姓名已划去。请刷新页面。",
        "Draw {draw} has no such witness, or the name is struck out already. Reload the page.",
    ),
    "witness_needed": (
        "掷骰须当众进行，有第三人在场。请先录入见证人姓名，再录入点数。",
        "Dice are rolled in the open, before a third person. Enter the witness's name first, then the rolls.",
    ),
    "witness_refused": (
        "不能把“{name}”录为见证人：{why:zh}。请录入另一位在场人员。",
        "“{name}” cannot be entered as a witness: {why:en}. Name somebody else who is present.",
    ),
    "witness_types": (
        "{name}是见证人，不能同时录入点数。请另一位承办人员录入，或划去误录的见证人姓名。",
        "{name} is a witness and does not type the rolls. Somebody else types, or strike out a mistaken name.",
    ),
}
