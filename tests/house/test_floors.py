"""Imports only go down, and rules and judgement stay pure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import PORTAL, ROOT, imports, modules

IMPURE = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "shutil", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib", "uuid",
}  # fmt: skip
"""Parts of the standard library that read the clock, draw lots or touch the world."""

WEB_ONLY = {
    "flask_babel", "flask_login", "flask_wtf", "govuk_frontend_wtf", "jinja2", "markupsafe",
    "werkzeug", "wtforms",
}  # fmt: skip
WIRING = ("portal/__init__.py", "portal/wiring.py", "portal/cli/", "portal/demo/")


def test_the_contracts_of_pyproject_hold(tmp_path: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--no-logo", "--cache-dir", tmp_path], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("room", "may_import"),
    [("domain", ("portal.domain",)), ("policy", ("portal.domain", "portal.policy"))],
)
def test_rules_and_judgement_import_nothing_but_each_other(
    room: str, may_import: tuple[str, ...]
) -> None:
    for path, tree in modules(PORTAL / room):
        for name in imports(tree):
            top = name.partition(".")[0]
            pure = top in sys.stdlib_module_names and top not in IMPURE
            assert pure or name.startswith(may_import), f"{path} imports {name}"


def test_http_stays_at_the_doors() -> None:
    for path, tree in modules():
        if path.startswith(("portal/web/", *WIRING)):
            continue
        foreign = {name.partition(".")[0] for name in imports(tree)} & WEB_ONLY
        # Letters are typeset from templates, by the template engine alone.
        allowed = {"jinja2", "markupsafe"} if path.startswith("portal/notices/") else set()
        assert foreign <= allowed, path
