"""The demonstration's messages: those of its history are read, the latest wait."""

from sqlmodel import select

from doublerandom.accounts import queries as accounts
from doublerandom.accounts import services
from doublerandom.accounts.queries import User
from doublerandom.demo.stage import Stage

NEW = 3


def read_history(stage: Stage) -> None:
    """Everybody has read all messages but the latest three."""
    people = stage.session.scalars(select(User.person).order_by(User.person)).all()
    for person in people:
        for newest in [row.id for row in accounts.messages_of(stage.session, person, limit=NEW + 1)[NEW:]]:
            assert newest is not None
            services.read_all_messages(stage.session, person, up_to=newest, at=stage.today)
