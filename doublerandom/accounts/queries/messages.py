"""Messages of one person, and their e-mails; always ordered."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from doublerandom.accounts.errors import UnknownMessageError
from doublerandom.accounts.models import Body, Mail, Message, Role, StandIn, User, user_roles


def messages_of(
    session: Session, person: str, *, before: int | None = None, limit: int = 50
) -> Sequence[Message]:
    """A person's messages, the newest first, those older than the message `before`."""
    query = select(Message).where(col(Message.person) == person)
    if before is not None:
        query = query.where(col(Message.id) < before)
    return session.scalars(query.order_by(col(Message.id).desc()).limit(limit)).all()


def message_of(session: Session, person: str, message_id: int) -> Message:
    """One of a person's messages; raises UnknownMessageError."""
    query = select(Message).where(col(Message.person) == person, col(Message.id) == message_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownMessageError(value=message_id)
    return found


def unread_messages(session: Session, person: str) -> int:
    """How many of a person's messages are not read yet."""
    query = select(func.count()).where(col(Message.person) == person, col(Message.read_at).is_(None))
    return session.scalar(query) or 0


def people_told(session: Session, key: str) -> set[str]:
    """Who has the message of that key."""
    query = select(col(Message.person)).where(col(Message.key) == key)
    return set(session.scalars(query.order_by(col(Message.person))))


def open_accounts(session: Session, people: Collection[str]) -> Sequence[str]:
    """Those of some people who have an open account, in order."""
    query = select(col(User.person)).where(col(User.person).in_(sorted(set(people))), col(User.active))
    return session.scalars(query.order_by(col(User.person))).all()


def accounts_of_certificates(session: Session) -> dict[str, Sequence[str]]:
    """Person tokens of open accounts by the certificate number that they name."""
    query = select(col(User.certificate), col(User.person)).where(col(User.certificate) != "")
    found: dict[str, list[str]] = {}
    for certificate, person in session.execute(query.where(col(User.active)).order_by(col(User.person))):
        found.setdefault(certificate, []).append(person)
    return dict(found)


def holders_for(
    session: Session, path: str, roles: Collection[str], *, above: bool = False, on: date
) -> Sequence[str]:
    """
    Person tokens of who holds one of `roles` at a body, stand-ins of that day too, in order.

    Args:
        session: Reads only.
        path: Of the body.
        roles: Any of these.
        above: At the bodies above it too.
        on: The day on which stand-ins hold.
    """
    tokens = path.rstrip("/").split("/")
    paths = ["/".join(tokens[:n]) + "/" for n in range(1 if above else len(tokens), len(tokens) + 1)]
    query = select(col(User.id), col(User.person)).join(Body, col(Body.id) == col(User.body_id))
    query = query.join(user_roles, user_roles.c.user_id == col(User.id))
    query = query.join(Role, user_roles.c.role_id == col(Role.id))
    query = query.where(col(Body.path).in_(paths), col(Role.name).in_(sorted(roles)), col(User.active))
    holders = {row[0]: row[1] for row in session.execute(query.order_by(col(User.person)))}
    return sorted({*holders.values(), *_stand_ins_of(session, list(holders), roles, on)})


def _stand_ins_of(session: Session, ids: Sequence[int], roles: Collection[str], on: date) -> set[str]:
    query = select(StandIn, col(User.person)).join(User, col(User.id) == col(StandIn.user_id))
    query = query.where(col(StandIn.principal_id).in_(ids), col(StandIn.last_day) >= on, col(User.active))
    rows = session.execute(query.order_by(col(StandIn.id))).unique()
    return {person for row, person in rows if row.holds_on(on) and not set(roles).isdisjoint(row.roles)}


def messages_without_mail(session: Session, *, since: datetime, limit: int) -> Sequence[tuple[int, str]]:
    """Unread messages from `since` on that have no e-mail yet, with the address; the oldest first."""
    query = select(col(Message.id), col(User.email)).join(User, col(User.person) == col(Message.person))
    query = query.outerjoin(Mail, col(Mail.message_id) == col(Message.id))
    query = query.where(
        col(Mail.id).is_(None), col(Message.at) >= since, col(Message.read_at).is_(None), col(User.active)
    )
    rows = session.execute(query.where(col(User.email) != "").order_by(col(Message.id)).limit(limit))
    return [(row[0], row[1]) for row in rows]


def due_mail(session: Session, *, at: datetime, limit: int) -> Sequence[tuple[Mail, Message]]:
    """E-mails whose next try has come, with their messages, the oldest first."""
    query = select(Mail, Message).join(Message, col(Message.id) == col(Mail.message_id))
    query = query.where(col(Mail.next_at) <= at).order_by(col(Mail.id)).limit(limit)
    return [(row[0], row[1]) for row in session.execute(query)]
