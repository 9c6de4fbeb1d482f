"""What codes in the sentences of draws' errors mean, in Chinese and English."""

from typing import Final

from doublerandom.error_words import Words

STATUS: Final[Words] = {
    "prepared": ("已准备", "prepared"),
    "signed": ("待监督人签名", "waiting for the supervisor's signature"),
    "committed": ("已承诺", "committed"),
    "drawn": ("已抽取", "drawn"),
    "revealed": ("已揭示", "revealed"),
    "voided": ("已作废", "voided"),
    "failed": ("已失败", "failed"),
}
SUPERSEDES: Final[Words] = {
    "status": ("它没有作废或失败，或不属于本机关", "it has not ended, or is another body's"),
    "line": ("它属于年度计划的另一项任务", "it is of another line of the annual plan"),
    "superseded": ("已有抽取替代它", "another draw supersedes it already"),
    "randomness": ("它本应抽中的名单尚未明确", "whom it would have drawn is not settled yet"),
    "scope": (
        "新的范围漏掉了它本应抽中的对象",
        "the new scope leaves out subjects that it would have drawn",
    ),
}
PLAN: Final[Words] = {
    "secret_not_deposited": ("有随机数来源时秘密值须存放在本系统", "beside a source, secrets lie here"),
    "parties_inside": ("须有一方来自本机关及其上级之外", "one party comes from outside the office"),
    "bad_closed": ("没有这样的名录可以不公开", "there is no such pool to close"),
}
OBSERVATION: Final[Words] = {
    "no such source": ("方案中没有这个来源", "the plan has no such source"),
}
SECRET: Final[Words] = {
    "second": ("已经提交过", "it was handed in before"),
    "late": ("已过期限", "it comes too late"),
    "commitment": ("与承诺值不符", "it does not open the commitment"),
}
