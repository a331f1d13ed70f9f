"""What every test has: this computer only, the table of real components, a browser, a database."""

from __future__ import annotations

pytest_plugins = [
    "tests.real.loopback",
    "tests.real.table",
    "tests.real.browser",
    "tests.real.postgres",
    "tests.real.libreoffice",
    "tests.real.tesseract",
    "tests.real.clamd",
]
