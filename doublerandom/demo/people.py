"""The demonstration's accounts: second factors, somebody new, one gone, a role to confirm, a stand-in."""

from datetime import datetime, timedelta
from typing import Final

from doublerandom import clock
from doublerandom.accounts import services as accounts
from doublerandom.accounts import totp
from doublerandom.demo.city import CITY, PEOPLE
from doublerandom.demo.stage import Stage

SECRET: Final = "YUNCHUANYUNCHUANYUNCHUANYUNCHUAN"  # noqa: S105 - printed on the first page of the demonstration
ENROLLED: Final = frozenset({"planner", "supervisor", "administrator"})


def set_up_accounts(stage: Stage) -> None:
    """All that accounts know beside names and passwords."""
    enrol(stage, stage.ago(124))
    _newcomer_and_leaver(stage, stage.ago(20))
    accounts.request_role(
        stage.session, "p-inspector2", "planner", reason="拟任计划员", by="p-admin", at=stage.ago(1)
    )
    today = clock.local(stage.today).date()
    accounts.set_stand_in(
        stage.session,
        "p-reviewer",
        "p-registrar",
        roles=["reviewer"],
        first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=60),
        reason="外出学习",
        by="p-head",
        at=stage.ago(1),
    )


def enrol(stage: Stage, at: datetime) -> None:
    """Who cannot work without a second factor has one, all with the secret that is printed."""
    code = totp.code_of(SECRET, totp.step_of(at))
    for person in PEOPLE:
        if ENROLLED.intersection(person.roles):
            accounts.enrol_second_factor(
                stage.session, person.person, SECRET, code, settings=stage.settings, at=at
            )


def _newcomer_and_leaver(stage: Stage, at: datetime) -> None:
    """One person was invited and has not come yet; another left, and the record stays."""
    for username, name in (("newcomer", "新启明"), ("leaver", "调远方")):
        accounts.invite(
            stage.session,
            username=username,
            name=name,
            person=f"p-{username}",
            body_token=CITY,
            roles=["registrar"],
            settings=stage.settings,
            by="p-admin",
            at=at,
        )
    accounts.deactivate(
        stage.session,
        "p-leaver",
        reason="调离本机关",
        settings=stage.settings,
        by="p-admin",
        at=at + timedelta(days=2),
    )
