"""The newest line about somebody: of that deed, in that field, and no other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import Engine

from portal.ledger import book, leaf
from portal.ledger.checkpoint import LedgerSigner
from portal.ledger.leaf import Value
from portal.ledger.search import newest_about
from tests.ledger.writing import AREA, SIGNER, at

OPENED, TAKEN = "paper.opened", "access.taken_back"
ODD = 'Ł "O\'Hara" \\ \n ß'
LINES: tuple[tuple[str, Mapping[str, Value]], ...] = (
    (OPENED, {"person": "ann", "grant": "1"}),
    (OPENED, {"person": "ben", "grant": "2"}),
    (TAKEN, {"person": "ann", "grant": "1"}),
    (OPENED, {"person": "ann", "grant": "3"}),
    (OPENED, {"person": "anna", "grant": "ann"}),
    (OPENED, {"person": ODD, "grant": "4"}),
    (OPENED, {"person": ["ann"], "grant": "5", "size": 7}),
)


@pytest.fixture
def lines(engine: Engine) -> Engine:
    with engine.begin() as conn:
        book.open_book(conn, AREA, SIGNER)
        for number, (deed, fields) in enumerate(LINES):
            told = {"deed": deed, "at": leaf.moment(at(number)), **fields}
            book.append(conn, AREA, leaf.encode(told), at(number), SIGNER)
        book.checkpoint(conn, AREA, SIGNER)
    return engine


def found(lines: Engine, deed: str, since: int | None = None, **about: Value) -> int | None:
    with lines.begin() as conn:
        entry = newest_about(conn, AREA, deed, about, since=None if since is None else at(since))
    return None if entry is None else entry.position


def test_the_newest_is_found(lines: Engine) -> None:
    assert found(lines, OPENED, person="ann") == 3
    assert found(lines, TAKEN, person="ann") == 2
    assert found(lines, OPENED, person="ann", grant="1") == 0
    assert found(lines, OPENED, size=7) == 6
    assert found(lines, OPENED) == 6


def test_a_text_is_found_however_a_line_writes_it(lines: Engine) -> None:
    assert found(lines, OPENED, person=ODD) == 5


@pytest.mark.parametrize(
    "about",
    [
        {"person": "an"},
        {"person": "ANN"},
        {"person": "1"},
        {"grant": "ben"},
        {"nobody": "ann"},
        {"person": "ann", "grant": "2"},
        {"grant": ""},
        {"person": "\ud800"},
        {"size": 8},
    ],
)
def test_what_only_looks_like_it_is_not(lines: Engine, about: Mapping[str, Value]) -> None:
    assert found(lines, OPENED, **about) is None


def test_nor_another_deed_nor_what_is_older_nor_another_area(lines: Engine) -> None:
    assert found(lines, "paper.made", person="ann") is None
    assert found(lines, OPENED, since=3, person="ann") == 3
    assert found(lines, OPENED, since=4, person="ann") is None
    with lines.begin() as conn:
        book.open_book(conn, "south", LedgerSigner("mappa.example/ledger/south", b"\x09" * 32))
        assert newest_about(conn, "south", OPENED, {"person": "ann"}) is None
