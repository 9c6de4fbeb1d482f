"""What the verifier on a page says: titles and meanings of the checks, names of values, where it stands."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from doublerandom.publish.verifier_sentences import SENTENCES

# number: title, what it means in plain words
CHECKS: Final[Mapping[int, tuple[Any, Any]]] = {
    1: (
        _l("文件是规范的字节，计划摘要与日志中的一致"),
        _l("逐字节读每个文件，重算方案的摘要。不通过，说明文件被改过，或方案不合规则。"),
    ),
    2: (
        _l("计划由两个不同的人用登记在日志中的密钥签名"),
        _l("经办人和监督人各签一次。不通过，说明有人代签、一人两签，或密钥没有登记。"),
    ),
    3: (
        _l("计划在存证日志中，日志与你存下的检查点相容"),
        _l("每条记录都证明在日志里。填入您自己存下的检查点，还能查出日志有没有被改写。"),
    ),
    4: (
        _l("承诺早于随机数，有办公室以外的证据"),
        _l("方案先入日志，随机数后出现。只有机关自己的时钟时，这一项尚不能校验。"),
    ),
    5: (
        _l("名录算得出计划中的根；编号不重复；各层数目相符"),
        _l("名录里改动任何一户，根就不同。不通过，说明名录事后换过。"),
    ),
    6: (
        _l("随机数是约定的那一个，签名有效"),
        _l("随机数在承诺以后才出现，谁也不能挑。不通过，说明换过随机数。"),
    ),
    7: (
        _l("秘密值与事先的承诺相符"),
        _l("各方事先封存的秘密值，打开来与当初的承诺一致。不通过，说明事后换过。"),
    ),
    8: (
        _l("种子由计划、随机数与秘密值算出"),
        _l("种子是三者合起来的摘要，没有别的成分。"),
    ),
    9: (
        _l("票号、次序、抽中名单"),
        _l("给每一户算出票号，票号最小的抽中。不通过，说明名单被改动。"),
    ),
    10: (
        _l("人员分派、回避、空缺席位的证明"),
        _l("重新派一遍检查人员。不通过，说明人员被调换，或回避被绕过。"),
    ),
    11: (
        _l("任务承诺算得出结果根，且按时写入日志"),
        _l("抽取结果当时就锁定在日志里。不通过，说明任务事后换过，或结果迟到。"),
    ),
    12: (
        _l("更换按规定的次序"),
        _l("换人换户只能按事先定好的次序往下走。不通过，说明挑了替补。"),
    ),
    13: (
        _l("序号无缺，没有第二次抽取，抽中的都有结果或更换"),
        _l("本次抽取在日志里的经过。有没有别的方案、序号是否连续，要看整个日志。"),
    ),
    14: (
        _l("随机数的级别与提醒"),
        _l("只作提醒，不会不通过。"),
    ),
}

VALUES: Final[Mapping[str, Any]] = {
    "plan_hash": _l("方案摘要"),
    "published": _l("公布值"),
    "computed": _l("算得值"),
    "found": _l("包中的值"),
    "signed": _l("签署人"),
    "checkpoint": _l("日志检查点（长度、根）"),
    "own": _l("您的检查点（长度、根）"),
    "logged_at": _l("写入日志的时刻"),
    "due": _l("取随机数的时刻"),
    "result_by": _l("结果的期限"),
    "subjects": _l("检查对象名录的根"),
    "inspectors": _l("检查人员名录的根"),
    "conflicts": _l("回避名录的根"),
    "beacon": _l("随机数的文本"),
    "seed_subject": _l("抽对象的种子"),
    "seed_inspector": _l("派人员的种子"),
    "drawn": _l("抽中（按票号）"),
    "digest": _l("名单摘要"),
    "tasks": _l("任务数"),
    "empty": _l("空席数"),
    "root": _l("结果根"),
}

FILES: Final[Mapping[str, Any]] = {
    "plan.json": _l("方案（plan.json）"),
    "signatures.json": _l("签名（signatures.json）"),
    "subjects.jsonl": _l("检查对象名录（subjects.jsonl）"),
    "inspectors.jsonl": _l("检查人员名录（inspectors.jsonl）"),
    "conflicts.jsonl": _l("回避名录（conflicts.jsonl）"),
    "beacon.json": _l("随机数（beacon.json）"),
    "secrets.json": _l("秘密值（secrets.json）"),
    "keys.json": _l("密钥（keys.json）"),
    "tasks.jsonl": _l("任务（tasks.jsonl）"),
    "result.json": _l("结果（result.json）"),
    "replacements.jsonl": _l("更换记录（replacements.jsonl）"),
    "rules.json": _l("规则集（rules.json）"),
    "log.json": _l("日志记录（log.json）"),
    "log.json: result": _l("日志中的结果记录"),
}

STATES: Final[Mapping[str, Any]] = {
    "exit_0": _l("全部通过"),
    "exit_1": _l("有 {failed} 项不通过"),
    "exit_2": _l("没有不通过；{open} 项尚不能校验"),
    "draw": _l("{title}（{number}）"),
    "rehearsal_draw": _l("{title}（{number}，演练）"),
    "counts": _l("通过 {passed} 项，不通过 {failed} 项，尚不能校验 {open} 项，不适用 {none} 项。"),
    "as_of": _l("按本机时钟 {now} 核验，用时 {seconds} 秒；没有向任何地方发送数据。"),
    "working": _l("正在做第 {number} 项，共 {count} 项"),
    "reading": _l("正在读取 {name}"),
    "done": _l("核验完毕：{summary}"),
    "not_fetched": _l("取不到这次抽取的校验包（{status}）。请到抽取页面下载后拖到这里。"),
    "not_read": _l("读不出这个文件：{name}"),
    "ready": _l("核验程序已就绪，现在断网也可以使用。"),
}


def for_page() -> dict[str, dict[str, str]]:
    """All words that the script of the page needs, in the language of the request."""
    return {
        "values": {name: str(text) for name, text in VALUES.items()},
        "files": {name: str(text) for name, text in FILES.items()},
        "states": {name: str(text) for name, text in STATES.items()},
        "sentences": {code: str(text) for code, text in SENTENCES.items()},
    }
