"""What every page needs and no room owns: access, errors as pages, languages, headers, filters, session."""

from doublerandom.web.access import (
    SignIn,
    answers_json,
    current_person,
    current_user,
    has_role,
    must_enrol,
    needs_fresh_sign_in,
    public,
    requires,
)
from doublerandom.web.addresses import local_path, outside_url, url_with
from doublerandom.web.database import db, db_session
from doublerandom.web.exports import list_file, wanted_format
from doublerandom.web.forms import Form, choices_of
from doublerandom.web.intake import whole_argument
from doublerandom.web.keys import calling_system, needs_key
from doublerandom.web.languages import lang
from doublerandom.web.navigation import DueItem, NavLink
from doublerandom.web.paging import Page
from doublerandom.web.setup import flash_done, init_web, settings

__all__ = [
    "DueItem",
    "Form",
    "NavLink",
    "Page",
    "SignIn",
    "answers_json",
    "calling_system",
    "choices_of",
    "current_person",
    "current_user",
    "db",
    "db_session",
    "flash_done",
    "has_role",
    "init_web",
    "lang",
    "list_file",
    "local_path",
    "must_enrol",
    "needs_fresh_sign_in",
    "needs_key",
    "outside_url",
    "public",
    "requires",
    "settings",
    "url_with",
    "wanted_format",
    "whole_argument",
]
