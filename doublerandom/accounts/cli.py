"""`doublerandom accounts …`: the first bodies, people and signing keys of an installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlmodel import Session

    from doublerandom.config import Settings


@click.group()
def accounts() -> None:
    """Bodies, people and signing keys; every command is put on record."""


@contextmanager
def _house() -> Iterator[tuple["Session", "Settings"]]:
    """A session and the settings; an error of the house becomes one clear message and exit code 2."""
    from sqlmodel import Session

    from doublerandom import migrations
    from doublerandom.accounts.error_texts import TEXTS as OURS
    from doublerandom.config import Settings
    from doublerandom.db import make_engine
    from doublerandom.dr1.errors import ProtocolError
    from doublerandom.errors import DoubleRandomError
    from doublerandom.ledger.error_texts import TEXTS

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = make_engine(settings.resolved_database_url)
    migrations.upgrade(engine)
    try:
        with Session(engine) as session:
            yield session, settings
    except (DoubleRandomError, ProtocolError) as error:
        zh, en = {**TEXTS, **OURS}.get(error.code, ("{error}", "{error}"))
        facts = {"error": str(error), **error.params}
        click.echo(f"{zh.format(**facts)}\n{en.format(**facts)}", err=True)
        raise SystemExit(2) from None
    finally:
        engine.dispose()


@accounts.command("regions")
def regions() -> None:
    """Enter the divisions of GB/T 2260 that are not there yet."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, _settings):
        click.echo(f"{services.seed_regions(session, by='system', at=clock.now()):,}")


@accounts.command("body")
@click.argument("token")
@click.option("--name", required=True, help="Chinese name.")
@click.option("--name-en", default="", help="English name.")
@click.option("--line", required=True, help="Line of work, the same at every level: scjg, fire, …")
@click.option("--level", required=True, type=click.Choice(("province", "city", "county")))
@click.option("--region", required=True, help="Six digits of GB/T 2260.")
@click.option("--parent", default="", help="Token of the body above.")
@click.option("--head", default="", help="Name of the head.")
def body(token: str, **facts: str) -> None:
    """Enter a body (机关) into the tree."""
    from doublerandom import clock
    from doublerandom.accounts import services

    parent = facts.pop("parent")
    with _house() as (session, _settings):
        made = services.create_body(
            session, token=token, parent_token=parent, by="system", at=clock.now(), **facts
        )
        click.echo(made.path)


BY = click.option("--by", default="system", show_default=True, help="Person token of who does it.")
SECOND = click.option("--second", default="", help="Person token of the second person, who confirms it.")
REASON = click.option("--reason", default="", help="Why; it stands on record.")


@accounts.command("user")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--person", required=True, help="Token by which trail, log and pools know the person.")
@click.option("--body", "body_token", required=True)
@click.option("--role", "roles", multiple=True, required=True)
@click.option("--certificate", default="", help="An inspector's certificate number.")
@BY
@SECOND
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def user(username: str, *, roles: tuple[str, ...], by: str, second: str, **facts: str) -> None:
    """Open an account; the password is asked for. A role that signs or decides needs --by and --second."""
    from doublerandom import clock
    from doublerandom.accounts import services
    from doublerandom.accounts.core import NEEDS_SECOND

    with _house() as (session, _settings):
        if needing := sorted(NEEDS_SECOND.intersection(roles)):
            services.check_second("" if by == "system" else by, second, person=facts["person"], roles=needing)
        made = services.create_user(
            session, username=username, roles=list(roles), by=by, second=second, at=clock.now(), **facts
        )
        click.echo(made.person)


@accounts.command("invite")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--person", required=True, help="Token by which trail, log and pools know the person.")
@click.option("--body", "body_token", required=True)
@click.option("--role", "roles", multiple=True, help="Those that need a second person wait for one.")
@click.option("--certificate", default="", help="An inspector's certificate number.")
@BY
def invite(username: str, *, roles: tuple[str, ...], by: str, **facts: str) -> None:
    """Open an account without a password; prints the path by which its person sets one, once."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, settings):
        _made, link = services.invite(
            session, username=username, roles=list(roles), settings=settings, by=by, at=clock.now(), **facts
        )
        click.echo(f"{settings.base_url.rstrip('/')}/invitation?token={link}")


@accounts.command("link")
@click.argument("person")
@BY
def link(person: str, *, by: str) -> None:
    """Make a path by which a person sets the password anew, once; those before it end."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, settings):
        made = services.issue_link(session, person, settings=settings, by=by, at=clock.now())
        click.echo(f"{settings.base_url.rstrip('/')}/invitation?token={made}")


@accounts.command("role")
@click.argument("person")
@click.argument("role")
@BY
@SECOND
@REASON
def role(person: str, role: str, *, by: str, second: str, reason: str) -> None:
    """Grant a role; one that signs, decides or audits needs --by and --second, two others."""
    from doublerandom import clock
    from doublerandom.accounts import services
    from doublerandom.accounts.core import NEEDS_SECOND
    from doublerandom.db import transaction

    with _house() as (session, _settings):
        if role in NEEDS_SECOND:
            services.check_second("" if by == "system" else by, second, person=person, roles=[role])
        now = clock.now()
        with transaction(session):
            row = services.request_role(session, person, role, reason=reason, by=by, at=now)
            if row.decided_at is None:
                services.decide_role(session, row.id or 0, grant=True, by=second, at=now)
        click.echo(f"{person} {role}")


@accounts.command("withdraw")
@click.argument("person")
@click.argument("role")
@BY
@REASON
def withdraw(person: str, role: str, *, by: str, reason: str) -> None:
    """Take a role from a person, on record."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, _settings):
        services.withdraw_role(session, person, role, reason=reason, by=by, at=clock.now())


@accounts.command("deactivate")
@click.argument("person")
@BY
@REASON
def deactivate(person: str, *, by: str, reason: str) -> None:
    """Close an account: nothing is deleted; sign-ins, keys and stand-ins end."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, settings):
        services.deactivate(session, person, reason=reason, settings=settings, by=by, at=clock.now())


@accounts.command("reactivate")
@click.argument("person")
@BY
@REASON
def reactivate(person: str, *, by: str, reason: str) -> None:
    """Open a closed account again."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, _settings):
        services.reactivate(session, person, reason=reason, by=by, at=clock.now())


@accounts.command("second-factor-removal")
@click.argument("person")
@BY
@REASON
def second_factor_removal(person: str, *, by: str, reason: str) -> None:
    """End the second factor of a person who lost it; the person enrols anew."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, _settings):
        services.remove_second_factor(session, person, reason=reason, by=by, at=clock.now())


@accounts.command("signing-key")
@click.argument("person")
@click.option("--role", required=True, type=click.Choice(("operator", "supervisor", "party")))
@click.option("--pin", prompt=True, hide_input=True, confirmation_prompt=True)
def signing_key(person: str, *, role: str, pin: str) -> None:
    """Make a person's signing key; the PIN is asked for and kept nowhere, the public key enters the log."""
    from doublerandom import clock
    from doublerandom.accounts import queries
    from doublerandom.ledger import keys

    with _house() as (session, settings):
        account = queries.user_by_person(session, person)
        made = keys.create_signing_key(
            session,
            person,
            name=account.name,
            role=role,
            body=queries.body_by_id(session, account.body_id).token,
            pin=pin,
            settings=settings,
            by=person,
            at=clock.now(),
        )
        click.echo(made.public_key)
