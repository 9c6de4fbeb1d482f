"""What messages say: one sentence for each kind, in both languages; the only place where kinds are worded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from doublerandom.clock import local

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "committed": (
        "抽取 {draw}“{title}”的方案已由双方签名，写入公开日志，将于 {due} 取随机数。",
        "The plan of draw {draw} ({title}) is signed by both and in the public log; its randomness is due at {due}.",
    ),
    "drawn": (
        "抽取 {draw} 已完成：{tasks} 项任务，空缺席位 {empty} 个，结果的根已写入公开日志。名单在揭示前不公开。",
        "Draw {draw} has run: {tasks} tasks, {empty} empty seats; the result's root is in the public log. The list stays closed until the reveal.",
    ),
    "tasks": (
        "抽取 {draw} 派给您 {count} 项新的检查任务。",
        "Draw {draw} has dealt you {count} new inspection tasks.",
    ),
    "failed_no_result": (
        "抽取 {draw} 未能按时产生结果，已判定失败并公开计数。请另行准备替代它的抽取。",
        "Draw {draw} had no result in time: it has failed and is counted in public. Prepare the draw that supersedes it.",
    ),
    "failed_not_opened": (
        "抽取 {draw} 未能按时揭示，已判定失败并公开计数；其内容仍会公开。",
        "Draw {draw} was not opened in time: it has failed and is counted in public. What it drew is opened all the same.",
    ),
    "revealed": (
        "抽取 {draw} 已揭示，任何人都可以下载并校验。",
        "Draw {draw} is open: anyone can download and verify it.",
    ),
    "value_soon": (
        "抽取 {draw} 将于 {due} 取随机数，还有 {count} 项随机数或秘密值没有录入，请做好准备。",
        "The randomness of draw {draw} is due at {due}; {count} values or secrets are not in yet. Please be ready.",
    ),
    "value_missing": (
        "抽取 {draw} 取随机数的时间已到（{due}），还缺 {count} 项随机数或秘密值；{result_by} 前没有结果就会失败。",
        "The randomness of draw {draw} was due at {due} and {count} values or secrets are missing; without a result by {result_by} it fails.",
    ),
    "lapsed_overtaken": (
        "抽取 {draw} 的第一签名已失效：在第二签名之前，本机关另一方案先写入了日志。请重新签名。",
        "The first signature on draw {draw} has lapsed: another plan of the body was logged before the second. Please sign again.",
    ),
    "lapsed_due": (
        "抽取 {draw} 的第一签名已失效：到取随机数的时间仍没有第二签名。请另定时间重新准备。",
        "The first signature on draw {draw} has lapsed: there was no second one before its hour. Prepare it anew for a later one.",
    ),
    "void_requested": (
        "有人申请作废抽取 {draw}，须由另一人确认。",
        "Somebody asks to void draw {draw}; a second person has to confirm.",
    ),
    "void_withdrawn": (
        "作废抽取 {draw} 的申请已撤回，抽取继续有效。",
        "The request to void draw {draw} was taken back; the draw stands.",
    ),
    "voided": (
        "抽取 {draw} 已由两人作废。本应抽中的对象不会因此免除，由替代它的抽取优先抽取。",
        "Draw {draw} is void, by two persons. Nobody is freed by it: the draw that supersedes it takes its list first.",
    ),
    "replaced_in": (
        "抽取 {draw} 的一项检查任务因更换（第 {n} 次）改派给您。",
        "A task of draw {draw} is yours now, by replacement {n}.",
    ),
    "replaced_out": (
        "抽取 {draw} 原派给您的一项任务已因更换（第 {n} 次）改派他人，您不再承担。",
        "A task of draw {draw} that was dealt to you went to somebody else, by replacement {n}; it is yours no more.",
    ),
    "replaced_task": (
        "您在抽取 {draw} 中的一项任务有变化（第 {n} 次更换），检查前请重新查看。",
        "One of your tasks of draw {draw} has changed, by replacement {n}. Look at it again before the visit.",
    ),
    "replacement_refused": (
        "您在抽取 {draw} 中提出的更换申请未获同意：{reason}",
        "Your request for a replacement in draw {draw} was refused: {reason}",
    ),
    "replacement_lapsed": (
        "抽取 {draw} 的一项任务换了检查对象，您就它提出的更换申请随之失效。仍有需要的，请重新提出。",
        "A task of draw {draw} got another subject, so your request for a replacement lapsed. Ask again if it is still needed.",
    ),
    "merge_offered": (
        "{body} 提议与本机关的任务“{line}”合并为一次联合抽查，请答复。",
        "{body} offers to make one joint draw with your line “{line}”. Please answer.",
    ),
    "merge_accepted": (
        "{body} 已同意合并：任务“{line}”并入您准备的抽取，请重新确认检查组。",
        "{body} accepts: its line “{line}” joins the draw that you prepare. Please confirm the team anew.",
    ),
    "merge_refused": (
        "{body} 不同意把任务“{line}”并入您准备的抽取；可以各自继续准备。",
        "{body} does not join its line “{line}” to the draw that you prepare; each goes on by itself.",
    ),
    "exclusion_requested": (
        "有一项人工排除（编号 {n}）等待监督员确认。",
        "A manual exclusion (number {n}) waits for a supervisor's word.",
    ),
    "exclusion_confirmed": (
        "您提出的人工排除（编号 {n}）已确认，从下一次准备起生效。",
        "The manual exclusion that you asked for (number {n}) is confirmed and holds from the next preparation on.",
    ),
    "exclusion_refused": (
        "您提出的人工排除（编号 {n}）未获确认，该对象照常参加抽取。",
        "The manual exclusion that you asked for (number {n}) was refused; the subject takes part as usual.",
    ),
    "alarm_result_late": (
        "警报：抽取 {draw} 的时间已过（{due}），仍没有结果；最迟 {result_by}。请查看还缺什么、后台进程是否在运行。",
        "Alarm: draw {draw} was due at {due} and has no result; the last moment is {result_by}. See what is missing and whether the worker runs.",
    ),
    "alarm_result_missing": (
        "警报：抽取 {draw} 到 {result_by} 仍没有结果写入公开日志。",
        "Alarm: draw {draw} has no result in the public log by {result_by}.",
    ),
    "alarm_failed": (
        "警报：抽取 {draw} 已失败，已公开计数。",
        "Alarm: draw {draw} has failed and is counted in public.",
    ),
    "alarm_error_repeats": (
        "警报：后台处理抽取 {draw} 时反复出错（{count} 次）。请管理员查看后台进程的日志。",
        "Alarm: the worker fails at draw {draw} again and again ({count} times). An administrator finds why in its log.",
    ),
    "alarm_worker_silent": (
        "警报：后台进程自 {since} 起没有运行，其间有抽取到期；现已恢复。",
        "Alarm: the worker was silent from {since} on while a draw was due; it runs again.",
    ),
}
TIMES: Final = frozenset({"due", "result_by", "reveal_by", "since", "until"})
"""Facts that are moments, as ISO texts in UTC; sentences say them on the wall clock of Asia/Shanghai."""


def sentence(kind: str, params: Mapping[str, Any], lang: str) -> str:
    """What a message says, in `zh` or `en`."""
    told = {name: _moment(value) if name in TIMES else value for name, value in params.items()}
    zh, en = WORDS[kind]
    return (en if lang == "en" else zh).format_map(told)


def _moment(value: str) -> str:
    return local(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
