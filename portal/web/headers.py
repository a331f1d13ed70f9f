"""What every answer tells the browser, and which requests of other sites are turned away.

The headers follow OWASP ASVS 5.0, V3.4 (browser security mechanisms) and V3.5 (origin separation).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, abort, request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""No inline script or style, nothing from elsewhere. `data:` is for images only: the square code of
a new code app is drawn into its page, so that its secret has no address of its own."""

DENIED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
        # Not `no-referrer`: with it browsers send `Origin: null` with our own forms, and the origin
        # could not be checked. Other sites are told nothing either way.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
)

YEAR = 365 * 24 * 60 * 60


def protect(app: Flask, tls: bool) -> None:
    """Set the headers of every answer, refusals and errors too, and refuse other sites' requests.

    tls: browsers reach the portal by https (directly or through a proxy). Then HSTS is set, and
    the origin of a form must be https.

    Call it before anything else that looks at requests: what comes from another site is answered
    403 before a form is read. A request of a method that may change something is refused if the
    browser says that another site (or a sibling domain) made it, or if its Origin is not ours;
    a client that is no browser sends neither and meets the token of the form instead.
    """

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE_METHODS:
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        scheme = "https" if tls else request.scheme
        if request.headers.get("Origin", f"{scheme}://{request.host}") != (
            f"{scheme}://{request.host}"
        ):
            abort(403)

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if tls:
            response.headers["Strict-Transport-Security"] = f"max-age={2 * YEAR}; includeSubDomains"
        if _is_built_file(response):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            response.headers["Cache-Control"] = "no-store"
            # A proxy that buffers would write what is decrypted for one reader to its own disk.
            response.headers["X-Accel-Buffering"] = "no"
            del response.headers["ETag"]
            del response.headers["Last-Modified"]
        if request.environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug"):
            response.headers["Server"] = "portal"
        return response


def _is_built_file(response: Response) -> bool:
    # The folder of a built file is named by its content: what an address gives never changes.
    view_args = request.view_args or {}
    return (
        request.endpoint == "static"
        and response.status_code in (200, 206, 304)
        and str(view_args.get("filename", "")).startswith("built/")
        and view_args.get("filename") != "built/current"
    )
