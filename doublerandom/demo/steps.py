"""The steps of the demonstration; each is one command and leaves an act that shows it was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from doublerandom.db import transaction
from doublerandom.demo import (
    afterwards,
    ceremonies,
    draws,
    foundations,
    handovers,
    imports,
    inspections,
    messages,
    plans,
    preparing,
    record_keeping,
    rule_books,
    searching,
    signing,
    staff,
    witnesses,
    wizard,
)
from doublerandom.demo.stage import Stage
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import Fact, put_on_record


@dataclass(frozen=True)
class DemonstrationStepDone(Fact):
    """A step of the demonstration was done."""

    on_kind: ClassVar[str] = "demonstration"
    on_id: str


@dataclass(frozen=True)
class Step:
    """One step: its name on record, words for the progress bar, what it does."""

    name: str
    words: str
    work: Callable[[Stage], None]


def steps() -> list[Step]:
    """All steps in the order of time."""
    return [
        Step("offices", "机关、账户、签名密钥", foundations.found_offices),
        Step("lists", "事项清单、细则、年度计划", foundations.publish_lists),
        Step("pools", "两个名录库", foundations.fill_pools),
        Step("rehearsal", "用 drand 第 657413 轮演练", draws.rehearse),
        Step("catering", "餐饮抽查：承诺、抽取、检查、公示、揭示、信用", draws.catering_draw),
        Step("voided", "作废一次，并由后一次替代", draws.voided_draw),
        Step("county", "小县：900 户、4 人", draws.county_draw),
        Step("replaced", "小县：更换检查人员、直接指派", afterwards.replace_in_the_county),
        Step("closed", "按信用风险分类的封闭抽取", draws.closed_draw),
        Step("licences", "审管衔接：许可交办", handovers.hand_over_licences),
        Step("revision", "细则修订，等待批准", rule_books.revise),
        Step("staff", "检查组、证件、在岗日历", staff.keep_staff),
        Step("search", "检索、保存的筛选、批量操作", searching.search_subjects),
        Step("plans", "事项读数与暂停、计划修订", plans.keep_lists),
        Step("records", "分类月报、更正、许可与名单、减员", record_keeping.keep_records),
        Step("visits", "平台以外的检查、任职关系、回避申请", inspections.tell_of_visits),
        Step("countdown", "已承诺、等待掷骰", draws.countdown_draw),
        Step("ceremony", "一次正等待掷骰的演练", ceremonies.open_rehearsal),
        Step("signatures", "等待第二签名的抽取、等待公证处秘密值的抽取", signing.wait_for_signatures),
        Step("wizard", "准备中的抽取", wizard.begin_a_draw),
        Step("excluded", "人工排除：一项已确认，一项待确认", preparing.exclude_by_hand),
        Step("imports", "批量导入：核对、应用、撤回", imports.bring_files),
        Step("messages", "消息：往日的已读", messages.read_history),
        Step("witnesses", "邻市见证日志，审计记录末条入日志", witnesses.have_the_log_witnessed),
    ]


def pending(stage: Stage) -> list[Step]:
    """The steps that were not done yet; countdown and ceremony again when their hours have passed."""
    left = [step for step in steps() if not ledger.acts_on(stage.session, "demonstration", step.name)]
    if left:
        return left
    waits = {"countdown": draws.has_countdown(stage), "ceremony": ceremonies.is_open(stage)}
    return [step for step in steps() if not waits.get(step.name, True)]


def do(stage: Stage, step: Step) -> None:
    """Do a step wholly or not at all."""
    with transaction(stage.session):
        step.work(stage)
        put_on_record(stage.session, DemonstrationStepDone(on_id=step.name), by="system", at=stage.today)
