"""What codes in the sentences of draws' errors mean, in Chinese and English."""

from typing import Final

from doublerandom.dr1.drand import NOT_THE_ENCODING
from doublerandom.error_words import Words

STATUS: Final[Words] = {
    "prepared": ("已准备", "prepared"),
    "signed": ("待监督人签名", "waiting for the supervisor's signature"),
    "committed": ("已承诺", "committed"),
    "drawn": ("已抽取", "drawn"),
    "revealed": ("已揭示", "revealed"),
    "voided": ("已作废", "voided"),
    "failed": ("已失败", "failed"),
    "known": ("随机数已齐备", "complete: its randomness is known"),
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
    "past_issue": (
        "彩票期号以年份开头，且不早于取随机数的年份",
        "a lottery's issue begins with its year, which is not before that of the randomness",
    ),
    "bad_closed": ("没有这样的名录可以不公开", "there is no such pool to close"),
    "bad_inspectors": ("须派执法人员或检查组", "inspectors are dealt as persons or as teams"),
}
OBSERVATION: Final[Words] = {
    "no such source": ("方案中没有这个来源", "the plan has no such source"),
    "bad_drand": ("不是该轮次的有效签名", "not the network's signature of this round"),
    "not 96 lower-case hex digits": ("签名应为 96 位十六进制数字", "a signature has 96 hex digits"),
    NOT_THE_ENCODING: (
        "不是签名的唯一编码，或不在规定的子群中",
        "another encoding of the point, or outside the subgroup",
    ),
    "bad_lottery": (
        "号码的个数或范围不符，或有重复",
        "too many or too few numbers, out of range, or one twice",
    ),
    "bad_dice": ("点数的个数或范围不符", "too many or too few rolls, or out of range"),
    "drawing_day": (
        "缺少开奖日期，或开奖日期早于方案承诺之日、晚于今天",
        "its drawing day is missing, before the day of the commitment, or after today",
    ),
    "bad_beacon": ("读不出所需的值", "no such value can be read from it"),
}
WITNESS: Final[Words] = {
    "signer": ("此人已签署方案或已录入点数", "this person signed the plan or typed the rolls"),
    "twice": ("姓名已录入", "the name is entered already"),
    "text": ("姓名或单位含有不能使用的字符", "name or office has characters that cannot be used"),
}
SECRET: Final[Words] = {
    "second": ("已经提交过", "it was handed in before"),
    "late": ("已过期限", "it comes too late"),
    "commitment": ("与承诺值不符", "it does not open the commitment"),
}
DRAFT_STATES: Final[Words] = {
    "working": ("正在后台预检", "is being worked on"),
    "prepared": ("已成为一次抽取", "has become a draw"),
    "left": ("已放弃", "was given up"),
}
COMMITMENT: Final[Words] = {
    "shape": ("应为两个 64 位十六进制数", "two numbers of 64 hexadecimal digits are needed"),
    "repeated": ("与另一个承诺值相同", "one equals another commitment"),
}
NOT_REPLACEABLE: Final[Words] = {
    "visited": ("已经检查过", "it was visited"),
    "stated": (
        "检查时间已过；没有去的，请组长先在任务页面写明",
        "the time of its visit has passed; if nobody went, the lead says so on the task's page first",
    ),
    "ended": ("抽取不在有效状态", "the draw does not stand"),
    "gone": ("任务已经有了变化", "the task has changed since"),
}
DIRECT: Final[Words] = {
    "unknown": ("名录中没有此人", "the registry does not know this person"),
    "unfit": ("目前不能执行检查", "they cannot inspect now: certificate, leave or qualification"),
    "conflict": ("应当回避", "a conflict of interest"),
    "team": ("已在检查组内", "they are on the team"),
}
BASIS: Final[Words] = {
    "items": ("抽查事项", "the items"),
    "rules": ("现行细则", "the rule set in force"),
    "manual": ("人工排除", "the manual exclusions in force"),
}
EXCLUSION: Final[Words] = {
    "reason": ("排除原因不在规定的代码之内", "the reason is none of the codes"),
    "evidence": ("缺少证明材料：上传文件，或写明文号", "evidence is missing: a file, or a document number"),
    "dates": ("起止日期不对，或超过一年", "the days are the wrong way round, or more than a year"),
    "subject": ("该主体不在本机关的名录库中", "the subject is not in this body's pool"),
    "line": ("年度计划中没有这项任务", "the annual plan has no such line"),
    "waiting": ("已有一项同样的申请在等待确认", "such a request waits for its second person already"),
}
OFFER: Final[Words] = {
    "state": ("其中一份草稿已生成抽取、正在预检或已放弃", "one draft is worked on, a draw, or given up"),
    "body": ("两份草稿属于同一机关", "both drafts are of one body"),
    "rehearsal": ("演练与正式抽取不能合并", "a rehearsal and a draw do not go together"),
    "open": ("已经提议过，正在等待答复", "it was offered before and waits for an answer"),
    "none": ("两者的范围没有共同的检查对象", "the two scopes have no subject in common"),
    "decided": ("这项提议已经处理过", "the offer was decided before"),
    "seats": ("合并后的检查组超过八个席位", "the joint team would have more than eight seats"),
}
