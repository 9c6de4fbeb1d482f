"""After the draw: subjects and inspectors are replaced in order, by two persons, and anybody verifies it."""

import json
import zipfile

import pytest
from draws.a_city import BEGIN, DUE, PINS, a_city, hours, some_rules
from draws.test_whole_chain import OPEN, verdict
from sqlmodel import select

from doublerandom.clock import local
from doublerandom.draws import bundles, queries, services
from doublerandom.draws.errors import (
    CodeNamedError,
    DirectRefusedError,
    EvidenceMissingError,
    HeadMissingError,
    NobodyNextError,
    NoOpenPlaceError,
    NoSuchSeatError,
    NotReplaceableError,
    NotWaitingError,
    ReplacementReasonError,
    ReplacementWaitsError,
    ReserveUsedUpError,
    SamePersonError,
    SomebodyEligibleError,
)
from doublerandom.draws.models import NewSeat, Replacement, ReplacementKind, ReplacementState, Seat, Task
from doublerandom.draws.services import Grounds
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.errors import WrongPinError
from doublerandom.registry import queries as registry_queries
from doublerandom.registry import services as registry

SUBJECT, INSPECTOR, DIRECT = ReplacementKind.SUBJECT, ReplacementKind.INSPECTOR, ReplacementKind.DIRECT
PROOF = ("证明.pdf", b"%PDF-1.4\n%%EOF\n")
ASSERTED = hours(5)


class Office:
    """A drawn draw, and what people do about it."""

    def __init__(self, city, **wishes):
        self.city, self.session = city, city.session
        self.draw = city.drawn(**wishes)

    def task(self, position=0):
        """Tasks in drawn order, but the one of the stratum without a reserve last, wherever it was drawn."""
        tasks = queries.tasks_of_draw(self.session, self.draw)
        return sorted(tasks, key=lambda task: task.stratum == "rest")[position]

    def ask(self, task, kind, reason, *, seat=-1, by="ins", at=ASSERTED, document=PROOF, **more):
        grounds = Grounds(reason, more.pop("statement", "不能前往"), document)
        return services.request_replacement(
            self.session,
            task.id,
            kind=kind,
            seat=seat,
            grounds=grounds,
            settings=self.city.settings,
            by=by,
            at=at,
            **more,
        )

    def confirm(self, *requests, by="wang", pin="", at=ASSERTED):
        return services.confirm_replacements(
            self.session,
            [request.id for request in requests],
            pin=pin or PINS[by],
            settings=self.city.settings,
            by=by,
            at=at,
        )

    def replace(self, task, kind, reason, **more):
        return self.confirm(self.ask(task, kind, reason, **more))[0]


@pytest.fixture
def office(city):
    return Office(city)


def lines_of(office):
    path = bundles.bundle(office.session, office.draw, settings=office.city.settings)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "replacements.jsonl" not in names:
            return [], names
        return [json.loads(line) for line in archive.read("replacements.jsonl").splitlines()], names


def test_all_three_kinds_are_logged_first_followed_everywhere_and_verified(office):  # noqa: PLR0915 - one story
    session, draw = office.session, office.draw
    dealt = queries.dealt_tasks(session, draw)
    first, second = office.task(0), office.task(1)
    loads = {row.certificate: row.tasks for row in registry_queries.dealt_by(session, draw.number)}

    gone = office.replace(second, SUBJECT, "closed")
    leads = []
    while office.task(0).team[0]:
        leads.append(office.task(0).team[0])
        last = office.replace(office.task(0), INSPECTOR, "ill", seat=0)
    vain = office.ask(office.task(0), INSPECTOR, "empty", seat=0, document=None)
    with pytest.raises(NobodyNextError):
        office.confirm(vain)
    services.withdraw_replacement(session, vain.id, by="ins", at=ASSERTED)
    new = next(one for one in ("P001", "P003", "P005") if one not in office.task(0).team)
    request = office.ask(office.task(0), DIRECT, "all-barred", seat=0, direct=new, by="li", document=None)
    waiting = [row for row in queries.replacements(session, draw) if row.state is ReplacementState.REQUESTED]
    with pytest.raises(NotWaitingError):
        services.approve_direct(session, gone.id, by="head", at=ASSERTED)
    with pytest.raises(HeadMissingError):
        office.confirm(request)
    services.approve_direct(session, request.id, by="head", at=ASSERTED)
    direct = office.confirm(request)[0]

    now = [office.task(0), office.task(1)]
    assert len(waiting) == 1
    assert len(set(leads)) == len(leads) == 4 - (first.team[1] in ("P000", "P002", "P004", "P006"))
    assert last.new == ""
    last_n = len(leads) + 2
    assert [row.n for row in queries.done_replacements(session, draw)] == list(range(1, last_n + 1))
    assert (now[0].team[0], now[0].subject) == (new, first.subject)
    assert now[1].subject == gone.new != second.subject
    assert second.subject == gone.old == dealt[second.position][0]
    assert {view.id for view in queries.tasks_of_inspector(session, leads[0])}.isdisjoint({first.id})
    assert first.id in {view.id for view in queries.tasks_of_inspector(session, new)}
    assert queries.dealt_tasks(session, draw) == dealt
    assert session.exec(select(Task.subject).where(Task.id == second.id)).one() == second.subject
    assert session.exec(select(Seat.inspector).where(Seat.task_id == first.id, Seat.n == 0)).one() == leads[0]
    after = {row.certificate: row.tasks for row in registry_queries.dealt_by(session, draw.number)}
    assert after[leads[0]] == loads[leads[0]] - 1
    assert sum(after.values()) == sum(loads.values())

    sealed = lines_of(office)
    assert sealed[0] == []
    early = verdict(office.city, draw, hours(30))
    for view in queries.tasks_of_draw(session, draw):
        services.mark_visited(session, draw.number, view.subject, by="p", at=hours(30))
    with pytest.raises(NotReplaceableError):
        office.ask(office.task(2), SUBJECT, "moved")
    office.draw = services.reveal(session, draw.number, settings=office.city.settings, at=hours(31))
    lines, names = lines_of(office)

    assert early.exit_status == 2
    assert "tasks.jsonl" in names
    kinds = [
        (1, False, "closed"),
        *((n, True, "ill") for n in range(2, last_n)),
        (last_n, True, "all-barred"),
    ]
    assert [(line["n"], "seat" in line, line["reason"]) for line in lines] == kinds
    assert direct.commitment == now[0].commitment
    assert verdict(office.city, office.draw, office.draw.reveal_by).open_checks == OPEN
    told = [entry for _, entry in ledger.entries_of_draw(session, draw.number) if entry["type"] == "replace"]
    assert [entry["what"] for entry in told] == ["subject", *["inspector"] * len(leads), "direct"]
    codes = {second.subject, gone.new, first.subject}
    trail = " ".join(act.facts for act in ledger.acts_on(session, "draw", draw.number))
    assert not [code for code in codes if code in trail]


def test_conflicts_known_since_count_where_they_make_a_difference(office):
    session, city = office.session, office.city
    task = office.task(0)
    leads = sorted({"P000", "P002", "P004", "P006"} - set(task.team))
    for one in leads[:-1]:
        registry.declare_conflict(
            session,
            inspector=one,
            subject=task.subject,
            ground="relative",
            valid_from=BEGIN,
            by=one,
            at=ASSERTED,
        )
    own = registry.declare_conflict(
        session,
        inspector=task.team[0],
        subject=task.subject,
        ground="relative",
        valid_from=local(DUE).date(),
        by="ins",
        at=hours(2),
    )
    assert services.take_up_recusals(session, office.draw.number, settings=city.settings, at=hours(3)) == []
    registry.decide_conflict(session, own.id, uphold=True, by="head", at=hours(3))
    assert len(services.recusals_to_carry_out(session, office.draw, at=hours(4))) == 1
    taken = services.take_up_granted(session, settings=city.settings, at=hours(4))
    (request,) = queries.replacements(session, office.draw)
    assert taken == [office.draw.number]
    assert services.take_up_granted(session, settings=city.settings, at=hours(4)) == []
    assert services.take_up_recusals(session, office.draw.number, settings=city.settings, at=hours(4)) == []
    done = office.confirm(request)[0]

    assert (request.reason, request.requested_by) == ("recusal", "head")
    assert done.new == leads[-1]
    assert f"{task.team[0]}:{task.subject}" in done.conflicts
    office.draw = city.reveal(office.draw)
    assert verdict(city, office.draw, office.draw.reveal_by - (hours(1) - hours(0))).exit_status == 2
    assert lines_of(office)[0][0]["conflicts"] == done.conflicts


def test_what_does_not_hold_is_refused_and_leaves_nothing(office):
    session, draw = office.session, office.draw
    task = office.task(0)
    for refused, wishes in (
        (ReplacementReasonError, {"kind": SUBJECT, "reason": "ill"}),
        (EvidenceMissingError, {"kind": SUBJECT, "reason": "closed", "document": None}),
        (CodeNamedError, {"kind": SUBJECT, "reason": "closed", "statement": f"{task.subject}已关门"}),
        (NoSuchSeatError, {"kind": SUBJECT, "reason": "closed", "seat": 0}),
        (NoSuchSeatError, {"kind": INSPECTOR, "reason": "ill", "seat": 9}),
        (NoSuchSeatError, {"kind": INSPECTOR, "reason": "empty", "seat": 0}),
        (DirectRefusedError, {"kind": DIRECT, "reason": "all-full", "seat": 0}),
        (DirectRefusedError, {"kind": DIRECT, "reason": "all-full", "seat": 0, "direct": task.team[1]}),
    ):
        with pytest.raises(refused):
            office.ask(task, **wishes)
    assert not session.exec(select(Replacement)).all()

    request = office.ask(task, INSPECTOR, "ill", seat=0, by="wang")
    with pytest.raises(ReplacementWaitsError):
        office.ask(task, INSPECTOR, "ill", seat=0)
    with pytest.raises(SamePersonError):
        office.confirm(request)
    services.withdraw_replacement(session, request.id, by="wang", at=ASSERTED)
    with pytest.raises(NotWaitingError):
        office.confirm(request, by="li")
    again = office.ask(task, INSPECTOR, "ill", seat=0)
    with pytest.raises(WrongPinError):
        office.confirm(again, pin="000000")
    services.refuse_replacement(session, again.id, reason="材料不足", by="wang", at=ASSERTED)
    other = next(one for one in ("P001", "P003", "P005") if one not in task.team)
    direct = office.ask(task, DIRECT, "all-full", seat=0, direct=other, by="li", document=None)
    services.approve_direct(session, direct.id, by="head", at=ASSERTED)
    with pytest.raises((SomebodyEligibleError, DirectRefusedError)):
        office.confirm(direct)
    with pytest.raises(NoOpenPlaceError):
        services.request_for_inspector(
            session, draw.number, certificate="P007", grounds=Grounds("ill", "", PROOF),
            settings=office.city.settings, by="li", at=ASSERTED,
        )  # fmt: skip

    states = [row.state for row in queries.replacements(session, draw)]
    assert states == [ReplacementState.APPROVED, ReplacementState.REFUSED, ReplacementState.WITHDRAWN]
    assert not session.exec(select(NewSeat)).all()
    assert office.task(0) == task
    assert not [
        entry for _, entry in ledger.entries_of_draw(session, draw.number) if entry["type"] == "replace"
    ]


def test_an_office_replaces_whoever_fell_ill_at_all_open_places_without_seeing_them(office):
    session, draw = office.session, office.draw
    leads = [task.team[0] for task in queries.tasks_of_draw(session, draw)]
    ill = max(leads, key=leads.count)  # more tasks than leads: somebody has two
    held = [view.id for view in queries.tasks_of_inspector(session, ill)]
    done = next(task for task in queries.tasks_of_draw(session, draw) if task.id in held)
    services.mark_visited(session, draw.number, done.subject, by="p", at=hours(4))

    asked = services.request_for_inspector(
        session, draw.number, certificate=ill.lower(), grounds=Grounds("left", "调离", PROOF),
        settings=office.city.settings, by="li", at=ASSERTED,
    )  # fmt: skip
    office.confirm(*asked)

    assert len(asked) == len(held) - 1
    assert [view.id for view in queries.tasks_of_inspector(session, ill)] == [done.id]


def test_a_stratum_whose_reserve_is_used_up_gives_nobody(session, settings):
    quotas = [{"stratum": "all", "when": [], "quota": {"kind": "all"}}]
    strata = {"by": "grade", "quotas": quotas, "otherwise": "all"}
    office = Office(a_city(session, settings, subjects=6, rules=some_rules(strata=strata)))
    request = office.ask(office.task(0), SUBJECT, "moved")

    with pytest.raises(ReserveUsedUpError):
        office.confirm(request)
    assert queries.replacement(session, request.id).state is ReplacementState.REQUESTED


def test_the_auditors_bundle_of_a_closed_draw_alone_has_the_replacements(session, settings):
    office = Office(a_city(session, settings, rules=some_rules(by="class")))
    office.replace(office.task(0), SUBJECT, "duplicate")
    office.replace(office.task(1), INSPECTOR, "certificate", seat=1)
    office.draw = office.city.reveal(office.draw)

    public = verdict(office.city, office.draw, hours(20))
    path = services.auditor_bundle(
        session, office.draw.number, settings=settings, by="auditor", at=office.draw.reveal_by
    )

    assert "replacements.jsonl" not in public.names
    assert "replacements.jsonl" in verdict(office.city, office.draw, hours(20), path=path).names


def test_nothing_is_replaced_in_a_void_draw(office):
    task = office.task(0)
    office.city.void(office.draw, hours(6))

    with pytest.raises(NotReplaceableError):
        office.ask(task, SUBJECT, "closed", at=hours(7))
