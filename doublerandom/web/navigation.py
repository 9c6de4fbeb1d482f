"""Where one can go: the public menu, the desk's rail by room, and what waits for whoever is signed in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l

from doublerandom.web.access import has_role

ROOM_NAMES = {
    "oversight": _l("电子监察"),
    "registry": _l("清单与名录"),
    "draws": _l("抽取"),
    "inspect": _l("检查"),
    "credit": _l("信用"),
    "publish": _l("公示"),
    "ledger": _l("留痕"),
    "accounts": _l("机关与账户"),
}

PUBLIC_MENU = (
    ("/", _l("首页")),
    ("/items", _l("抽查事项清单")),
    ("/plans", _l("年度计划")),
    ("/draws", _l("抽查公告")),
    ("/results", _l("公示结果")),
    ("/log", _l("存证日志")),
    ("/verify", _l("校验")),
)


@dataclass(frozen=True)
class NavLink:
    """A place in the desk's rail; a room's `views.NAV` lists its own, `roles` as the view itself asks."""

    room: str
    endpoint: str
    label: Any
    icon: str = "dot"
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class DueItem:
    """Something that waits for one person; a room's `views.due(session, user)` gives its own."""

    room: str
    title: str
    url: str
    deadline: datetime | None = None
    act: str = ""


@dataclass(frozen=True)
class RailGroup:
    """One room of the rail, with the places its reader may go to."""

    room: str
    label: Any
    links: list[NavLink]


DueProvider = Callable[[Any, Any], Iterable[DueItem]]


def public_menu() -> list[tuple[str, Any, bool]]:
    """The public menu: path, label, and whether the page belongs there. Only pages that exist."""
    here = request.path
    menu: list[tuple[str, Any]] = current_app.config["PUBLIC_MENU"]
    return [
        (path, label, here == path or (path != "/" and here.startswith(f"{path}/"))) for path, label in menu
    ]


def menu_that_exists(has_path: Callable[[str], bool]) -> list[tuple[str, Any]]:
    """The public menu without the pages that this installation does not have."""
    return [(path, label) for path, label in PUBLIC_MENU if has_path(path)]


def rail() -> list[RailGroup]:
    """The desk's rail for whoever is signed in, by room, in the order of ROOM_NAMES."""
    order = list(ROOM_NAMES)
    allowed = [
        link
        for link in current_app.config["NAV_LINKS"]
        if link.endpoint in current_app.view_functions and (not link.roles or has_role(*link.roles))
    ]
    allowed.sort(key=lambda link: order.index(link.room))
    rooms = groupby(allowed, key=lambda link: link.room)
    return [RailGroup(room, ROOM_NAMES[room], list(links)) for room, links in rooms]


def is_here(link: NavLink) -> bool:
    """Whether the present page is the link's, or one below it to which no other place is nearer."""
    known: tuple[str, str] = g.get("nearest_place", ("", ""))
    if known[0] != request.path:
        known = g.nearest_place = request.path, _nearest_place(request.path)
    return url_for(link.endpoint) == known[1]


def _nearest_place(path: str) -> str:
    """The address in the rail that a path is, or is nearest below; else empty."""
    views = current_app.view_functions
    places = {url_for(each.endpoint) for each in current_app.config["NAV_LINKS"] if each.endpoint in views}
    above = [place for place in places if f"{path}/".startswith(place.rstrip("/") + "/")]
    return max(above, key=len, default="")


def on_desk() -> bool:
    """Whether the present page belongs to the desk (its view asks for roles), so that the rail is shown."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "required_roles", None) is not None
