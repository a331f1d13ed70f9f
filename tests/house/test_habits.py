"""Habits that keep the house: one place that commits, one clock, small files, plain names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, kept_files, modules, relative

CODE = {".py", ".html", ".js", ".scss", ".typ", ".toml", ".yml"}
LONGEST = 400

WALL_CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
    ("time", "strftime"), ("time", "ctime"),
}  # fmt: skip
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib", "shared"}

WRITTEN_NOWHERE = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(?:org|com)|registry\.yarnpkg"
    r"|\b(?:artifactory|nexus|devpi)\b|--(?:extra-)?index-url|--find-links"
    r"|(?<![\w.~}>])/(?:root|home|Users|work|workspace|builds)/[\w.]"
)
LINE_OF_A_LOCK = re.compile(
    r"^(?:[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,-]+\])?==[^\s@]+(?: ;[^\\]+)? \\|"
    r"    --hash=sha256:[0-9a-f]{64}(?: \\)?|    # .*|)$"
)


def calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every call of an attribute: the last name before the dot, and the name after it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            yield getattr(owner, "attr", getattr(owner, "id", "")), node.attr


def test_only_the_deed_commits() -> None:
    committing = [path for path, tree in modules() if "commit" in {name for _, name in calls(tree)}]
    assert [path for path in committing if path != "portal/journeys/deed.py"] == []


def test_only_the_clock_reads_the_wall_clock() -> None:
    for path, tree in modules():
        if path != "portal/clock.py":
            assert set(calls(tree)) & WALL_CLOCKS == set(), path


def test_from_time_only_what_cannot_tell_the_time_is_imported() -> None:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                names = {alias.name for alias in node.names}
                allowed = path == "portal/clock.py" or names <= {"monotonic", "perf_counter"}
                assert allowed, path


def test_no_file_is_named_after_nothing() -> None:
    named = [path for path in kept_files() if VAGUE_NAMES & {path.stem, path.parent.name}]
    assert [relative(path) for path in named] == []


def test_every_file_can_be_read_in_one_sitting() -> None:
    for path in kept_files():
        # A migration is a record of tables as they were: one change, however long, is one file.
        if "migrations" in path.parts:
            continue
        if path.suffix in CODE or path.name == "Makefile":
            lines = path.read_text("utf-8").count("\n")
            assert lines <= LONGEST, f"{relative(path)} has {lines} lines"


def test_no_host_of_a_registry_and_no_place_on_one_machine_is_written() -> None:
    for path in kept_files():
        if relative(path) == "tests/house/test_habits.py":
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found = WRITTEN_NOWHERE.search(text)
        assert found is None, f"{relative(path)}: {found[0] if found else ''}"


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-setup.txt", "requirements-dev.txt"]
)
def test_every_locked_requirement_has_a_hash_and_no_host(lock: str) -> None:
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    odd = [line for line in lines if not LINE_OF_A_LOCK.match(line)]
    assert odd == []
    assert any("--hash=sha256:" in line for line in lines)


def test_the_lock_of_npm_names_no_place() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')
