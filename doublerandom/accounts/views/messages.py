"""Messages: what happened that the reader should know, the newest first."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock, web
from doublerandom.accounts import queries, services
from doublerandom.accounts.message_words import sentence
from doublerandom.accounts.models import Message
from doublerandom.accounts.views.blueprint import bp

NAV = [web.NavLink("accounts", "accounts.messages", _l("消息"), "bell")]
ON_A_PAGE = 50


@bp.get("/messages")
@web.requires()
def messages() -> ResponseReturnValue:
    """The reader's messages; unread ones are marked."""
    session, person = web.db_session(), web.current_person()
    before = web.whole_argument("after")
    rows = queries.messages_of(session, person, before=before or None, limit=ON_A_PAGE + 1)
    page = web.Page.cut(rows, ON_A_PAGE, key=lambda row: row.id)
    return render_template(
        "accounts/messages.html",
        rows=page,
        unread=queries.unread_messages(session, person),
        newest=page.rows[0].id if page.rows else 0,
    )


@bp.app_template_global("message_words")
def message_words(message: Message) -> str:
    """What a message says, in the reader's language."""
    return sentence(message.kind, message.params, web.lang())


@bp.app_template_global("unread_messages")
def unread_messages() -> int:
    """How many messages wait for whoever is signed in."""
    return queries.unread_messages(web.db_session(), web.current_person())


@bp.post("/messages/<int:message_id>/read")
@web.requires()
def read_message(message_id: int) -> ResponseReturnValue:
    """Note that a message is read, and go to the page that it leads to."""
    found = services.read_message(web.db_session(), web.current_person(), message_id, at=clock.now())
    return redirect(web.local_path(found.url, otherwise=url_for("accounts.messages")), code=303)


@bp.post("/messages/read")
@web.requires()
def read_all_messages() -> ResponseReturnValue:
    """Note that all messages up to the newest one that was shown are read."""
    newest = request.form.get("newest", "")
    number = int(newest) if newest.isascii() and newest.isdigit() else 0
    count = services.read_all_messages(
        web.db_session(), web.current_person(), up_to=min(number, 2**31 - 1), at=clock.now()
    )
    web.flash_done(_("已将 %(n)s 条消息标为已读。", n=count))
    return redirect(url_for("accounts.messages"), code=303)
