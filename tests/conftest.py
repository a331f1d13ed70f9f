"""What every test has: this computer only, the table of real components, a browser, a database."""

from __future__ import annotations

from importlib.util import find_spec

pytest_plugins = [
    name
    for name in (
        "tests.real.loopback",
        "tests.real.table",
        "tests.real.browser",
        "tests.real.postgres",
    )
    if find_spec(name) is not None
]
