"""Errors of inspectors."""

from doublerandom.errors import NotFoundError


class InspectorNotFoundError(NotFoundError):
    """No inspector has this certificate number."""

    code = "inspector_not_found"
