"""Messages by e-mail, where a mail server is set: each at least once, never more than the message says."""

import smtplib
import ssl
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from sqlmodel import Session

from doublerandom.accounts import queries
from doublerandom.accounts.message_words import sentence
from doublerandom.accounts.models import Mail, Message
from doublerandom.config import Settings
from doublerandom.db import transaction

FRESH: Final = timedelta(days=1)
AT_ONCE: Final = 50
MOST_TRIES: Final = 8
TIMEOUT: Final = 20
SUBJECT: Final = "双随机、一公开：您有一条消息 / You have a message"


def send_mail(session: Session, settings: Settings, at: datetime) -> dict[str, int]:
    """
    Send what waits, and queue what is new: unread messages of the last day; nothing without a mail server.

    The server is spoken to outside any transaction. A try that fails waits twice as long as the one before
    it, from a minute on; after the eighth it is given up. A process that is killed between sending and
    noting it sends once more: better twice than never.

    Returns:
        How many were `sent`, `failed` (tried again later) and `given_up`.
    """
    told = {"sent": 0, "failed": 0, "given_up": 0}
    if not settings.smtp_host:
        return told
    _queue(session, at)
    for mail, message in _claimed(session, at):
        try:
            _deliver(settings, mail.address, message)
        except (OSError, smtplib.SMTPException) as error:
            told["failed" if mail.tries < MOST_TRIES else "given_up"] += 1
            _note(session, mail, at, error=f"{type(error).__name__}: {error}"[:255])
        else:
            told["sent"] += 1
            _note(session, mail, at)
    return told


def _queue(session: Session, at: datetime) -> None:
    """Give each new message its e-mail; the row is what makes it one alone."""
    if not queries.messages_without_mail(session, since=at - FRESH, limit=1):
        return
    with transaction(session):
        for message_id, address in queries.messages_without_mail(session, since=at - FRESH, limit=AT_ONCE):
            session.add(Mail(message_id=message_id, address=address, next_at=at))


def _claimed(session: Session, at: datetime) -> list[tuple[Mail, Message]]:
    """What is to be tried now; the next try is set before, so that a killed process tries again later."""
    if not queries.due_mail(session, at=at, limit=1):
        return []
    with transaction(session):
        found = list(queries.due_mail(session, at=at, limit=AT_ONCE))
        for mail, _message in found:
            mail.next_at = at + timedelta(minutes=2**mail.tries)
            mail.tries += 1
            session.add(mail)
    return found


def _note(session: Session, mail: Mail, at: datetime, *, error: str = "") -> None:
    """Write down what a try came to."""
    with transaction(session):
        session.refresh(mail)
        mail.error = error
        if not error:
            mail.sent_at = at
        if not error or mail.tries >= MOST_TRIES:
            mail.next_at = None
        session.add(mail)


def _deliver(settings: Settings, address: str, message: Message) -> None:
    """Hand one e-mail to the server."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = SUBJECT, settings.mail_from, Address(addr_spec=address)
    words = [sentence(message.kind, message.params, lang) for lang in ("zh", "en")]
    base = settings.base_url.rstrip("/")
    link = [f"{base}{message.url}"] if base and message.url else []
    letter.set_content("\n\n".join([*words, *link]) + "\n")
    with _server(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(letter)


def _server(settings: Settings) -> smtplib.SMTP:
    """A connection to the mail server, encrypted where the settings say so; its certificate is checked."""
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
