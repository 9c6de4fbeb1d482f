"""The sentences of drafts' errors, in both languages, with the way out."""

TEXTS: dict[str, tuple[str, str]] = {
    "draft_not_found": (
        "没有这份抽取准备，或不在您的查看范围内。请从“抽取准备”列表中选择。",
        "There is no such preparation, or it is not in your sight. Choose one from the list of preparations.",
    ),
    "draft_closed": (
        "这份准备{state:zh}，不能再改。需要改动时请另行准备一次。",
        "This preparation {state:en} and cannot be changed. Begin another one for what should differ.",
    ),
    "due_too_soon": (
        "取随机数的时刻 {due:zh} 距现在不足一小时；还要留出两人签名的时间。请选更晚的时刻。",
        "The randomness would be due at {due:en}, in less than an hour, and two persons sign first. Choose a later hour.",
    ),
    "due_outside_line": (
        "计划任务 {line} 公布的时间是 {window}，取随机数的日期须在其中。请改日期，或先修订并公布年度计划。",
        "The published plan names {window} for line {line}. Choose a day within, or amend and publish the plan first.",
    ),
    "result_time": (
        "得出结果的期限须在取随机数之后 1 分钟至 {most} 分钟之间。",
        "The result comes between 1 and {most} minutes after the randomness.",
    ),
    "reveal_time": (
        "揭示时刻须在得出结果之后，并在 {most} 天之内。",
        "The reveal comes after the result and within {most} days.",
    ),
    "sources_weak": (
        "随机数来源不足或填写有误：彩票须写明期号，骰子须掷够次数（十面骰至少 39 次）。",
        (
            "The sources do not suffice: a lottery needs its issue number, dice enough throws "
            "(at least 39 of a ten-sided die)."
        ),
    ),
    "parties_too_few": (
        "C 级须有三个不同机关的三方以上，其中至少一方在本机关及其上级之外。请补足各方。",
        (
            "Level C needs at least three parties of three bodies, one of them outside the office and its superiors. "
            "Add the missing ones."
        ),
    ),
    "batches_refused": (
        "批次须写成一个份数，或各批户数（如 20、20、15），每批至少 1 户；只有重点事项全量检查时才分批。",
        (
            "Batches are a number of equal parts, or the size of each (20, 20, 15), at least 1 each; "
            "only key items inspected in full are drawn in batches."
        ),
    ),
    "seats_refused": (
        "检查组须有 1 至 8 个席位，专家随同不占席位之外须至少留一个执法人员席位。",
        "A team has 1 to 8 seats, and at least one that is not an expert's.",
    ),
}
