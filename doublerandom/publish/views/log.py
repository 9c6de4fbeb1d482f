"""The log on its two addresses of one word."""

from flask.typing import ResponseReturnValue

from doublerandom.publish import (
    log_pages,
)
from doublerandom.publish.views.blueprint import bp
from doublerandom.web import (
    public,
)


@bp.get("/log")
@public
def log() -> ResponseReturnValue:
    """存证日志: see log_pages, whose other addresses lie below this one."""
    return log_pages.log()


@bp.get("/log/<int:index>")
@public
def log_entry(index: int) -> ResponseReturnValue:
    """One entry of the log with its proof."""
    return log_pages.entry(index)
