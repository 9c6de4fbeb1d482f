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


@accounts.command("user")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--person", required=True, help="Token by which trail, log and pools know the person.")
@click.option("--body", "body_token", required=True)
@click.option("--role", "roles", multiple=True, required=True)
@click.option("--certificate", default="", help="An inspector's certificate number.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def user(username: str, *, roles: tuple[str, ...], **facts: str) -> None:
    """Open an account; the password is asked for."""
    from doublerandom import clock
    from doublerandom.accounts import services

    with _house() as (session, _settings):
        made = services.create_user(
            session, username=username, roles=list(roles), by="system", at=clock.now(), **facts
        )
        click.echo(made.person)


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
