"""The request's database session."""

from flask_sqlalchemy_lite import SQLAlchemy
from sqlmodel import Session

db = SQLAlchemy(session_options={"class_": Session})


def db_session() -> Session:
    """The request's database session; it is closed when the answer is sent."""
    session = db.session
    assert isinstance(session, Session)
    return session
