"""A proposal names everybody exactly once, and its digest changes with anything on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ids import AgencyId, PersonId, VersionId
from portal.domain.meetings import SlotKind
from portal.domain.packs import Candidate, Item, LeftOut, Proposal, missing, propose

OPENS = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=21)
ITEMS = [
    Item(tab, VersionId(f"v{tab}"), code, AgencyId("x"), 3)
    for tab, code in enumerate(["A", "F", "update"], 1)
]


def someone(number: int, key: str | None = "f", why: LeftOut | None = None) -> Candidate:
    return Candidate(PersonId(f"p{number}"), f"Person {number}", "Agency", key, why)


PEOPLE = [someone(1), someone(2, None), someone(3, "f3", LeftOut.WITHDRAWN), someone(4, "f4")]
HELD = {PersonId("p4"): frozenset({VersionId("v2")})}


def proposal() -> Proposal:
    return propose(ITEMS, PEOPLE, HELD, OPENS, CLOSES)


def test_everyone_is_a_reader_or_left_out_with_a_reason() -> None:
    found = proposal()
    assert [r.person_id for r in found.readers] == ["p1", "p2", "p4"]
    assert [(c.person_id, why) for c, why in found.left_out] == [("p3", LeftOut.WITHDRAWN)]
    assert [r.cannot_open_yet for r in found.readers] == [False, True, False]


def test_a_paper_kept_back_makes_a_layout_of_its_own() -> None:
    assert proposal().layouts() == (((1, 2, 3), CLOSES, False, ()), ((1, 3), CLOSES, False, ()))


def test_one_persons_own_end_makes_a_layout_of_its_own() -> None:
    until = OPENS + timedelta(days=2)
    found = propose(ITEMS, [someone(1), replace(someone(2), until=until)], {}, OPENS, CLOSES)
    assert found.layouts() == (((1, 2, 3), until, False, ()), ((1, 2, 3), CLOSES, False, ()))


def test_somebody_from_whom_everything_is_kept_back_is_left_out() -> None:
    held = {PersonId("p1"): frozenset(item.version_id for item in ITEMS)}
    found = propose(ITEMS, [someone(1)], held, OPENS, CLOSES)
    assert not found.readers
    assert found.left_out[0][1] is LeftOut.NO_PAPER


@given(st.permutations(PEOPLE))
def test_the_order_of_the_list_does_not_matter(people: list[Candidate]) -> None:
    assert propose(ITEMS, people, HELD, OPENS, CLOSES).digest() == proposal().digest()


@pytest.mark.parametrize(
    "other",
    [
        propose(ITEMS[:2], PEOPLE, HELD, OPENS, CLOSES),
        propose([*reversed(ITEMS)], PEOPLE, HELD, OPENS, CLOSES),
        propose(
            [replace(ITEMS[0], version_id=VersionId("w")), *ITEMS[1:]], PEOPLE, HELD, OPENS, CLOSES
        ),
        propose(ITEMS, PEOPLE[1:], HELD, OPENS, CLOSES),
        propose(ITEMS, [*PEOPLE, someone(5)], HELD, OPENS, CLOSES),
        propose(ITEMS, [replace(PEOPLE[0], fingerprint="g"), *PEOPLE[1:]], HELD, OPENS, CLOSES),
        propose(ITEMS, [replace(PEOPLE[0], fingerprint=None), *PEOPLE[1:]], HELD, OPENS, CLOSES),
        propose(ITEMS, [replace(PEOPLE[0], until=OPENS), *PEOPLE[1:]], HELD, OPENS, CLOSES),
        propose(ITEMS, PEOPLE, {}, OPENS, CLOSES),
        propose(ITEMS, PEOPLE, HELD, OPENS + timedelta(seconds=1), CLOSES),
        propose(ITEMS, PEOPLE, HELD, OPENS, CLOSES + timedelta(seconds=1)),
        propose(ITEMS, PEOPLE, HELD, OPENS, CLOSES, ["something is missing"]),
    ],
)
def test_rule_38_anything_different_is_another_digest(other: Proposal) -> None:
    assert other.digest() != proposal().digest()


@pytest.mark.parametrize(
    ("kind", "codes", "complete"),
    [
        (SlotKind.INITIAL, ["A"], True),
        (SlotKind.INITIAL, ["F", "previous"], False),
        (SlotKind.INITIAL, [], False),
        (SlotKind.REVIEW, ["previous", "F"], True),
        (SlotKind.REVIEW, ["A", "F"], False),
        (SlotKind.INITIAL, ["F", "A"], False),
        (SlotKind.INITIAL, ["A", "F", "A"], True),
        (SlotKind.REVIEW, ["F", "previous"], False),
        (SlotKind.REVIEW, ["A", "previous"], False),
    ],
)
def test_rule_25_what_a_pack_must_begin_with(
    kind: SlotKind, codes: list[str], complete: bool
) -> None:
    items = [Item(n, VersionId(code), code, AgencyId("x"), 1) for n, code in enumerate(codes, 1)]
    assert (missing(kind, items) == ()) is complete


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        (SlotKind.INITIAL, "A", "This pack does not begin with the referral (MAPPA A)."),
        (
            SlotKind.REVIEW,
            "previous",
            "This pack does not begin with the minutes of the previous meeting.",
        ),
    ],
)
def test_rule_25_what_is_there_and_not_first_is_said_in_one_sentence(
    kind: SlotKind, code: str, words: str
) -> None:
    items = [Item(n, VersionId(each), each, AgencyId("x"), 1) for n, each in enumerate(["F", code])]
    assert missing(kind, items) == (words,)
    assert missing(kind, items[::-1]) == ()
