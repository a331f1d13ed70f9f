"""What every test has: this computer only, the table of real components, a browser, a database."""

from __future__ import annotations

import gc

pytest_plugins = [
    "tests.real.loopback",
    "tests.real.table",
    "tests.real.browser",
    "tests.real.postgres",
    "tests.real.libreoffice",
    "tests.real.tesseract",
    "tests.real.clamd",
]


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the search for garbage need not look at it each time."""
    gc.collect()
    gc.freeze()
