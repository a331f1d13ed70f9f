"""What the product is installed with may be given on as the product is: none of it is under the
GPL or AGPL, by what each package says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-setup.txt")
ENTRY = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==\S+\s*(;)?", re.MULTILINE)
COPYLEFT = re.compile(r"GPL|GNU (?:Affero )?General Public|Affero|SSPL|EUPL", re.IGNORECASE)
# Linked as a library, unchanged, and to be replaced by whoever installs it: that is what the LGPL
# asks. Nothing else is excepted.
JUDGED = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}


def locked() -> Iterator[tuple[str, bool]]:
    """Each package of the locks, and whether it is for some computers only."""
    for lock in LOCKS:
        for name, marker in ENTRY.findall((TOP / lock).read_text("utf-8")):
            yield name, bool(marker)


def says(name: str) -> list[str]:
    """Every word a package has about its licence; a licence written out counts by its heading."""
    about = metadata(name)
    told = [about.get("License-Expression") or "", (about.get("License") or "")[:200]]
    told += [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    return [each for each in told if each.strip()]


def test_the_locks_are_read() -> None:
    names = {name for name, _ in locked()}
    assert {"flask", "pikepdf", "psycopg", "sqlalchemy"} <= names
    assert len(names) > 40


@pytest.mark.parametrize(("name", "somewhere"), sorted(set(locked())))
def test_no_package_is_under_a_licence_that_ours_would_break(name: str, somewhere: bool) -> None:
    try:
        told = says(name)
    except PackageNotFoundError:
        assert somewhere, f"{name} is locked for every computer, and not installed"
        return
    assert told, f"{name} says nothing of its licence"
    if name in JUDGED:
        assert JUDGED[name] in told
    else:
        assert [each for each in told if COPYLEFT.search(each)] == []


def test_who_is_excepted_is_still_there() -> None:
    assert set(JUDGED) <= {name for name, _ in locked()}
