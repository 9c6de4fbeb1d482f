"""Second factors, recovery codes, sessions and links: the ones that still count, always ordered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from doublerandom.accounts.models import Invitation, RecoveryCode, SecondFactor, SignInSession, User


def second_factor(session: Session, user_id: int | None) -> SecondFactor | None:
    """The person's second factor, None where there is none that counts."""
    query = select(SecondFactor).where(
        col(SecondFactor.user_id) == user_id, col(SecondFactor.ended_at).is_(None)
    )
    return session.scalars(query.order_by(col(SecondFactor.id).desc()).limit(1)).first()


def second_factor_to_use(session: Session, user_id: int | None) -> SecondFactor | None:
    """The same, held until the command ends, so that a code serves once."""
    query = select(SecondFactor).where(
        col(SecondFactor.user_id) == user_id, col(SecondFactor.ended_at).is_(None)
    )
    return session.scalars(query.order_by(col(SecondFactor.id).desc()).limit(1).with_for_update()).first()


def people_with_second_factor(session: Session, user_ids: Sequence[int | None]) -> frozenset[int]:
    """Those of the accounts that have one."""
    query = select(col(SecondFactor.user_id)).where(
        col(SecondFactor.user_id).in_(user_ids), col(SecondFactor.ended_at).is_(None)
    )
    return frozenset(session.scalars(query.order_by(col(SecondFactor.user_id))))


def recovery_codes_left(session: Session, user_id: int | None) -> Sequence[RecoveryCode]:
    """Recovery codes that were not used and did not end."""
    query = select(RecoveryCode).where(
        col(RecoveryCode.user_id) == user_id,
        col(RecoveryCode.used_at).is_(None),
        col(RecoveryCode.ended_at).is_(None),
    )
    return session.scalars(query.order_by(col(RecoveryCode.id))).all()


def session_by_digest(session: Session, digest: str) -> tuple[SignInSession, User] | None:
    """A sign-in that was not ended, with its person; limits of time are not looked at."""
    query = select(SignInSession, User).join(User, col(User.id) == col(SignInSession.user_id))
    query = query.where(col(SignInSession.digest) == digest, col(SignInSession.ended_at).is_(None))
    found = session.execute(query).unique().one_or_none()
    return (found[0], found[1]) if found else None


def sessions_of(session: Session, user_id: int | None, *, seen_after: datetime) -> Sequence[SignInSession]:
    """Sign-ins of a person that were not ended and are younger than a moment, the newest first."""
    query = select(SignInSession).where(
        col(SignInSession.user_id) == user_id,
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.seen_at) > seen_after,
    )
    return session.scalars(query.order_by(col(SignInSession.id).desc())).all()


def open_invitation(session: Session, digest: str, *, at: datetime) -> tuple[Invitation, User] | None:
    """The link of that digest while it is good, with the person whose account it opens."""
    query = select(Invitation, User).join(User, col(User.id) == col(Invitation.user_id))
    query = query.where(
        col(Invitation.digest) == digest,
        col(Invitation.used_at).is_(None),
        col(Invitation.ended_at).is_(None),
        col(Invitation.until) > at,
    )
    found = session.execute(query).unique().one_or_none()
    return (found[0], found[1]) if found else None


def open_invitations_of(session: Session, user_id: int | None) -> Sequence[Invitation]:
    """Links of a person that were neither used nor replaced."""
    query = select(Invitation).where(
        col(Invitation.user_id) == user_id,
        col(Invitation.used_at).is_(None),
        col(Invitation.ended_at).is_(None),
    )
    return session.scalars(query.order_by(col(Invitation.id))).all()


def last_signed_in(session: Session, user_ids: Sequence[int | None]) -> dict[int, datetime]:
    """When each of the accounts was last signed in."""
    query = select(col(SignInSession.user_id), func.max(col(SignInSession.at)))
    query = query.where(col(SignInSession.user_id).in_(user_ids)).group_by(col(SignInSession.user_id))
    return {row[0]: row[1] for row in session.execute(query.order_by(col(SignInSession.user_id)))}


def is_live(row: SignInSession, *, at: datetime, idle: timedelta, longest: timedelta) -> bool:
    """Whether a sign-in still lasts at a moment: used within `idle`, begun within `longest`."""
    return row.ended_at is None and at < row.seen_at + idle and at < row.at + longest
