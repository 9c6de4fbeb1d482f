"""Headers of every answer: nothing from outside, nothing inline; our own pages may use camera and place."""

from flask import Flask, Response, request, session
from secure import Secure
from secure.headers import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

HALF_A_YEAR = 183 * 24 * 3600
OWN_ONLY = ("script-src", "style-src", "connect-src", "font-src", "form-action", "manifest-src", "worker-src")
STATIC = frozenset({"static", "bootstrap.static"})


def content_policy() -> ContentSecurityPolicy:
    """Only what this site serves; no inline script or style, no frames, no plug-ins."""
    policy = ContentSecurityPolicy().default_src("'none'")
    for directive in OWN_ONLY:
        policy = policy.custom_directive(directive, "'self'")
    policy = policy.img_src("'self'", "data:").media_src("'self'", "blob:")
    return policy.frame_ancestors("'none'").base_uri("'none'").object_src("'none'")


def header_policy(*, https: bool) -> Secure:
    """All headers that do not depend on the page."""
    permissions = PermissionsPolicy().camera("self").geolocation("self")
    permissions = permissions.microphone().payment().usb().display_capture()
    return Secure(
        csp=content_policy(),
        permissions=permissions,
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(HALF_A_YEAR) if https else None,
    )


def init_headers(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; pages of people who are signed in are kept by no cache."""
    policy = header_policy(https=https)

    @app.after_request
    def set_headers(answer: Response) -> Response:
        for name, value in policy.headers.items():
            answer.headers.setdefault(name, value)
        if "Cache-Control" not in answer.headers and request.endpoint not in STATIC:
            answer.headers["Cache-Control"] = "no-store" if session else "no-cache"
        return answer
