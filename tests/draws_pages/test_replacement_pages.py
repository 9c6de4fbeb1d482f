"""Replacements from the team's own page to the public one: who left or came is read after the reveal."""

import io
from datetime import timedelta

import pytest
import time_machine
from draws.a_city import PINS, hours
from draws_pages.signers import anew, text
from publish.a_result import Results, drawn_results
from visitors import an_account, csrf_token, send, sign_in

from doublerandom.draws import queries, services
from doublerandom.draws.models import ReplacementKind
from doublerandom.ledger import queries as ledger

LATER = hours(48)


@pytest.fixture
def results(session, settings) -> Results:
    return drawn_results(session, settings)


def people(results, task):
    """A lead, a planner, a supervisor with the key of `wang`, and a head; who signs in by which name."""
    session = results.session
    an_account(session, "lead", roles=["inspector"], certificate=task.lead)
    an_account(session, "plan", roles=["planner"])
    an_account(session, "wangsup", roles=["supervisor"], person="wang")
    an_account(session, "chief", roles=["head"])


def upload(client, address, page, **fields):
    data = {"csrf_token": csrf_token(client, page), **fields}
    return client.post(address, data={**data, "document": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "证明.pdf")})


def test_a_team_asks_a_supervisor_confirms_and_everybody_else_sees_numbers(results, client, app):
    task = results.task()
    people(results, task)
    number, session = task.draw, results.session
    page = f"/desk/draws/{number}/replacements"
    with time_machine.travel(LATER, tick=False):
        sign_in(client, "lead")
        named = upload(
            client,
            f"/tasks/{task.id}/change/subject",
            f"/tasks/{task.id}/change",
            reason="closed",
            statement=f"{task.subject_name}关门",
        )
        refused = send(client, f"/tasks/{task.id}/change/own", page=f"/tasks/{task.id}/change", reason="ill")
        asked = upload(
            client, f"/tasks/{task.id}/change/subject", f"/tasks/{task.id}/change", reason="closed"
        )
        own = upload(client, f"/tasks/{task.id}/change/own", f"/tasks/{task.id}/change", reason="ill")
        shown = text(client.get(asked.location))
        client.post("/sign-out", data={"csrf_token": csrf_token(client, "/me")})
        planner, supervisor, head = (app.test_client() for _ in range(3))
        sign_in(planner, "plan")
        sign_in(head, "chief")
        sign_in(supervisor, "wangsup")
        seen = [each.get(page).get_data(as_text=True) for each in (planner, supervisor, head)]
        (first, second) = sorted(row.id for row in queries.replacements(session, results.draw))
        seen += [planner.get(f"{page}/{first}?lang=en").get_data(as_text=True)]
        seen += [supervisor.get(f"{page}/confirmation?id={first}&id={second}&lang=zh").get_data(as_text=True)]
        wrong = send(supervisor, f"{page}/confirmation", id=[first, second], pin="111111")
        done = send(supervisor, f"{page}/confirmation", id=[first, second], pin=PINS["wang"])
        after = anew(results.city) and queries.task_view(session, task.id)
        seen += [
            planner.get(page).get_data(as_text=True),
            client.get(f"/draws/{number}").get_data(as_text=True),
        ]
        forbidden = planner.get(f"{page}/{first}/evidence").status_code
        proof = supervisor.get(f"{page}/{first}/evidence")
        desk = text(supervisor.get("/desk"))

    assert (named.status_code, refused.status_code, asked.status_code, own.status_code) == (
        422,
        422,
        303,
        303,
    )
    assert "揭示之前除检查组外无人可以知道" in text(named)
    assert "要有证明材料" in text(refused)
    assert "更换检查对象" in shown
    assert (wrong.status_code, done.status_code) == (422, 303)
    assert after.subject != task.subject
    assert task.lead not in after.people
    assert [(row.n, row.kind.value) for row in queries.done_replacements(session, results.draw)] == [
        (1, "inspector"),
        (2, "subject"),
    ]
    hidden = {task.subject, task.subject_name, after.subject, after.subject_name, *after.people}
    for told in seen:
        assert not [name for name in hidden if name in told]
    planner_sees, supervisor_confirms = seen[0], seen[4]
    assert "第 1 号申请" in planner_sees
    assert not [told for told in (f"· {task.region}", "第 1 项", "组长") if told in planner_sees]
    assert f"第 1 号申请 · {task.region}" in supervisor_confirms
    assert not [page for page in seen[:5] if f">{task.stratum}<" in page or f"· {task.stratum}" in page]
    assert "第 2 次更换：已停业关闭" in text(client.get(f"/draws/{number}"))
    assert (forbidden, proof.status_code, proof.data[:5]) == (404, 200, b"%PDF-")
    assert "确认更换" not in desk
    anew(results.city)
    acts = [act.name for act in ledger.acts_on(session, "draw", number)]
    assert {"ReplacementRequested", "ReplacementConfirmed", "EvidenceSeen", "TaskLooked"} <= set(acts)


def test_after_the_reveal_everybody_sees_who_left_and_came_and_the_offices_figures(results, client):
    session = results.session
    task = next(one for one in queries.tasks_of_draw(session, results.draw) if one.stratum != "rest")
    for kind, seat in ((ReplacementKind.SUBJECT, -1), (ReplacementKind.INSPECTOR, 0)):
        reason = "closed" if seat < 0 else "ill"
        row = services.request_replacement(
            session,
            task.id,
            kind=kind,
            seat=seat,
            grounds=services.Grounds(reason, "", ("a", b"%PDF-")),
            settings=results.settings,
            by="ins",
            at=LATER,
        )
        services.confirm_replacements(
            session, [row.id], pin=PINS["wang"], settings=results.settings, by="wang", at=LATER
        )
    number, after = task.draw, queries.task_view(session, task.id)
    results.city.reveal(results.draw)

    opened = text(client.get(f"/draws/{number}"))
    assert f"{task.subject} → {after.subject}" in opened
    assert "按候补次序接替" in text(client.get(f"/draws/{number}?code={after.subject}"))
    assert "因“已停业关闭”已更换" in text(client.get(f"/draws/{number}/proof/{task.subject}"))
    assert "抽取后的更换" in text(client.get(f"/draws/{number}/proof/{after.subject}"))
    assert "已更换" in text(client.get(f"/draws/{number}?code={task.subject}"))
    figures = client.get("/offices?format=csv").get_data(as_text=True)
    assert "2026,杭州市市场监管局,1,6,0,0,1,1,0,0" in figures
    assert "No draw is void" in text(client.get("/offices?lang=en"))


def test_the_office_replaces_the_ill_carries_out_recusals_and_fills_empty_seats(results, client, app):
    tasks = queries.tasks_of_draw(results.session, results.draw)
    task = max(tasks, key=lambda one: len(queries.tasks_of_inspector(results.session, one.lead)))
    people(results, task)
    number, session = task.draw, results.session
    page = f"/desk/draws/{number}/replacements"
    with time_machine.travel(LATER, tick=False):
        sign_in(client, "lead")
        send(
            client,
            f"/tasks/{task.id}/change/recusal",
            page=f"/tasks/{task.id}/change",
            ground="relative",
            statement="姐姐任职",
        )
        planner, supervisor, head = (app.test_client() for _ in range(3))
        for each, name in ((planner, "plan"), (supervisor, "wangsup"), (head, "chief")):
            sign_in(each, name)
        before = text(planner.get(page))
        send(head, "/conflicts/1/decision", page="/conflicts/review", decision="uphold")
        granted = text(planner.get(page))
        taken = send(planner, f"{page}/recusals", page=page)
        nobody = upload(planner, f"{page}/inspector", page, certificate="P007", reason="ill")
        many = upload(planner, f"{page}/inspector", page, certificate=task.lead, reason="ill")
        withdrawn = send(planner, f"{page}/1/withdrawal", page=page)
        refused = send(supervisor, f"{page}/1/refusal", page=f"{page}/1", reason="材料不足")
        own = [row for row in queries.replacements(session, results.draw) if row.reason == "ill"]
        gone = [send(planner, f"{page}/{row.id}/withdrawal", page=page).status_code for row in own]
        empty = send(planner, f"{page}/seat", page=page, place=f"{task.id}-0", reason="all-full")
        strangers = [
            planner.get("/desk/draws/XX-2026-0001/replacements").status_code,
            client.get(page).status_code,
        ]

    assert "已同意的回避" not in before
    assert "已同意的回避" in granted
    assert (taken.status_code, nobody.status_code, many.status_code) == (303, 422, 303)
    assert (withdrawn.status_code, refused.status_code, empty.status_code) == (403, 303, 422)
    assert set(gone) <= {303}
    assert strangers == [404, 403]


def test_an_unannounced_task_shows_its_subject_shortly_before_the_visit(session, settings, client):
    results = drawn_results(session, settings, visit={"hours_before": 24, "unannounced": True})
    task = results.task()
    people(results, task)
    secrets = [task.subject, task.subject_name]
    visit = LATER + timedelta(days=3)
    addresses = ("/tasks", f"/tasks/{task.id}", f"/tasks/{task.id}/change", "/desk")

    def pages():
        return [client.get(address).get_data(as_text=True) for address in addresses]

    with time_machine.travel(LATER, tick=False):
        sign_in(client, "lead")
        hidden = pages()
        early = send(
            client,
            f"/tasks/{task.id}/result",
            page="/me",
            visited_on="2026-03-04",
            method="on_site",
            **{"categories-SPJY-01": "1", "measure-SPJY-01": "none"},
        )
        late = send(client, f"/tasks/{task.id}/visit-time", page="/me", visit_at="2026-03-01T09:00")
        set_at = send(
            client,
            f"/tasks/{task.id}/visit-time",
            page="/me",
            visit_at=f"{visit.astimezone(hours(0).tzinfo) + timedelta(hours=8):%Y-%m-%dT%H:%M}",
        )
        hidden += pages()
    with time_machine.travel(visit - timedelta(hours=23), tick=False):
        sign_in(client, "lead")
        open_ = pages()

    assert (early.status_code, late.status_code, set_at.status_code) == (403, 422, 303)
    assert not [secret for secret in secrets for page in hidden if secret in page]
    assert all(secret in open_[1] for secret in secrets)
    assert [task.subject in page for page in open_] == [True, True, False, False]
    anew(results.city)
    looks = [
        act.name
        for act in ledger.acts_on(session, "draw", task.draw)
        if act.name in {"TaskLooked", "ListSeen"}
    ]
    assert looks == ["ListSeen", "TaskLooked"]
    assert queries.tasks_of_inspector(session, task.lead)[0].hidden
    services.mark_visited(session, task.draw, task.subject, by="p", at=visit)


def test_a_team_of_one_begins_no_visit(session, settings, client):
    results = drawn_results(session, settings, quorum={"persons": 2}, capacity=20)
    task = results.task()
    people(results, task)
    with time_machine.travel(LATER, tick=False):
        sign_in(client, "lead")
        others = [one for one in results.city.inspectors if one not in task.team]
        while queries.task_view(session, task.id).team[1]:
            row = services.request_replacement(
                session,
                task.id,
                kind=ReplacementKind.INSPECTOR,
                seat=1,
                grounds=services.Grounds("ill", "", ("a", b"%PDF-")),
                settings=settings,
                by="ins",
                at=LATER,
            )
            services.confirm_replacements(
                session, [row.id], pin=PINS["wang"], settings=settings, by="wang", at=LATER
            )
        page = text(client.get(f"/tasks/{task.id}"))
        sent = send(
            client,
            f"/tasks/{task.id}/result",
            page="/me",
            visited_on="2026-03-04",
            method="on_site",
            **{"categories-SPJY-01": "1", "measure-SPJY-01": "none"},
        )

    assert len(others) == 6
    assert "人数不足" in page
    assert "录入结果" not in page
    assert sent.status_code == 409
