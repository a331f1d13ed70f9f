"""Which pages are of accounts, and which walk meets each: a closed list."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from werkzeug.routing import RequestRedirect

OF_ACCOUNTS = (
    "/account", "/join", "/practice", "/recover", "/sign-in", "/sign-out", "/signed-out", "/lock",
    "/locked", "/agency/people", "/unit/people",
)  # fmt: skip
"""How their addresses begin."""


def account_routes(app: Flask) -> set[str]:
    """Each as `POST /recover/code`."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.rule.startswith(OF_ACCOUNTS)
    }


def met(app: Flask, asked: Iterable[tuple[str, str]]) -> set[str]:
    """The routes behind what browsers asked for."""
    adapter = app.url_map.bind("localhost")
    found = set()
    for method, path in asked:
        try:
            rule, _given = adapter.match(path, method, return_rule=True)
        except RequestRedirect:
            continue
        found.add(f"{method} {rule.rule}")
    return found


def listed(text: str) -> set[str]:
    """The routes of a list written as `GET /a  POST /b`."""
    words = text.split()
    return {f"{method} {rule}" for method, rule in zip(words[::2], words[1::2], strict=True)}


ELSEWHERE = {
    "tests/browser/test_passkeys.py": """
        GET /account/passkeys/add                 POST /account/passkeys/add
        GET /account/passkeys/<passkey_id>/set-up POST /account/passkeys/<passkey_id>/set-up
        POST /sign-in/passkey                     POST /sign-in/code/passkey
    """,
    "tests/browser/test_passkey_acts.py": "POST /locked/passkey",
    "tests/sign_on/test_browser.py": """
        GET /account/agency                       POST /account/agency
        GET /account/agency/untie                 POST /account/agency/untie
        GET /sign-in/agency                       GET /sign-in/agency/<agency_id>
        GET /sign-in/agency/<agency_id>/trial     GET /sign-in/agency/<agency_id>/trial/begin
        GET /sign-in/agency/<agency_id>/back      POST /sign-in/agency/<agency_id>/left
        GET /sign-in/passphrase                   POST /sign-in/passphrase
        POST /sign-in/passphrase/passkey
    """,
    "tests/sign_on/test_browser_joining.py": "GET /join/agency",
    "tests/web/test_change_my_keys.py": "POST /account/keys/go-on",
}
"""What needs scripts and a passkey, or a provider, and is walked with those; and a button that is
there only where so much is sealed to somebody that it takes more than one press."""
