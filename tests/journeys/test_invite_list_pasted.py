"""Lists as people really paste them: out of a spreadsheet, a mail, or a file of another system."""

from __future__ import annotations

import pytest

from portal.domain import listing
from portal.domain.listing import MOST_ROWS, Fault
from portal.journeys.joining.invite_list import look_at_list
from tests.journeys.test_invite_list import ED, IVY, faults, joined_by_list, sent
from tests.web.browsing import send, text_of
from tests.world import World

PATH = "/unit/people/list"


def tabbed(row: str) -> str:
    return row.replace(",", "\t")


@pytest.mark.parametrize(
    "text",
    [
        f"{tabbed(IVY)}\t\t\n{tabbed(ED)}\t\t",
        f"\ufeffName;E-mail address;Agency;Job;Telephone;Roles\n{IVY}\n{ED}".replace(",", ";"),
        f"Name,Email Address,Agency,Job,Phone,Roles,,\r\n{IVY},,\r\n{ED},,\r\n",
        f"{tabbed(IVY)}\n{tabbed(ED)}".replace("Sergeant", '"Sergeant\nCID"'),
        f"{IVY}\n{ED}".replace("Sergeant", '"Sergeant; CID\tEast"'),
        f"{IVY}\n{ED}".replace("Ivy Lane", "Ivy\u00a0Lane\u00a0").replace("ivy@", " IVY@"),
        f"{IVY}\u2028{ED}\u0085",
    ],
)
def test_what_a_spreadsheet_adds_means_nothing(world: World, text: str) -> None:
    assert faults(world, text) == [[], []]
    assert sent(world, text) == 2


def test_a_broken_line_within_a_cell_is_a_space() -> None:
    (row,) = listing.rows(tabbed(IVY).replace("Sergeant", '"Sergeant\n\nCID"'))
    assert row.job == "Sergeant CID"
    assert row.whole


def test_the_mark_is_the_one_that_makes_rows_whole() -> None:
    """A title, or a job with a semicolon in it, does not decide."""
    for text in (f"People; to join\n{IVY}\n{ED}", f"{IVY}; CID\n{ED}"):
        assert [row.email for row in listing.rows(text)][-1] == "ed@northmere.example"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (IVY.replace("Ivy Lane", "=HYPERLINK(A1)"), Fault.FORMULA),
        (IVY.replace("Ivy Lane", "@SUM(A1)"), Fault.FORMULA),
        (IVY.replace("Sergeant", "+cmd|' /C calc'!A0"), Fault.FORMULA),
        (IVY.replace("Sergeant", "#N/A"), Fault.FORMULA),
        (IVY.replace("Sergeant", "-"), Fault.FORMULA),
        (IVY.replace("01632 960 556", "#REF!1"), Fault.FORMULA),
        (IVY.replace("01632 960 556", "=1632960556"), Fault.FORMULA),
        (IVY.replace("01632 960 556", "1.63296E+09"), Fault.PHONE),
        (IVY.replace("01632 960 556", "1632960556"), Fault.PHONE),
        (IVY.replace("Ivy Lane", "Ivy\u202eenaL"), Fault.NAME),
        (IVY.replace("Ivy Lane", "Ivy\u200bLane"), Fault.NAME),
        (IVY.replace("Sergeant", "Ser\u00adgeant"), Fault.JOB),
        (IVY.replace("ivy@", "ivy\u200b@"), Fault.ADDRESS),
        (IVY.replace("ivy@northmere.example", "Ivy <ivy@northmere.example>"), Fault.ADDRESS),
        (IVY.replace("ivy@northmere.example", "mailto:ivy@northmere.example"), Fault.ADDRESS),
        (IVY.replace("northmere", "xn--nrthmere-66h"), Fault.ADDRESS),
        (IVY.replace("northmere", "n\u00f6rthmere"), Fault.ADDRESS),
        (IVY.replace("northmere.ex", "northrnere.ex"), Fault.MISTYPED_DOMAIN),
        (IVY.replace("northmere.ex", "n0rthmere.ex"), Fault.MISTYPED_DOMAIN),
        (IVY.replace("northmere.example", "northmere.example.evil.test"), Fault.MISTYPED_DOMAIN),
        (IVY.replace("Northmere Police", "Northmere Pol\u0456ce"), Fault.AGENCY),
    ],
)
def test_what_only_looks_right_is_told_beside_its_row(world: World, row: str, fault: Fault) -> None:
    """In the look, not at the sending, which could not say which row it was."""
    found = faults(world, f"{ED}\n{row}")
    assert found[0] == []
    assert fault in found[1]
    assert joined_by_list(world) == 0


@pytest.mark.parametrize("phone", ["+44 1632 960556", "01632960556", "ext 4521", "999", "4521"])
def test_a_number_as_people_write_it_is_one(world: World, phone: str) -> None:
    assert faults(world, IVY.replace("01632 960 556", phone)) == [[]]


def test_the_nought_that_a_spreadsheet_dropped_is_said(world: World) -> None:
    (row,) = look_at_list(
        world.house, world.who("helen"), IVY.replace("01632 960 556", "1632960556")
    ).rows
    assert [finding.instead for finding in row.findings] == ["01632960556"]
    shown = send(world.client("helen"), PATH, list=IVY.replace("01632 960 556", "1632960556"))
    assert "Did you mean 01632960556?" in text_of(shown)


def test_five_hundred_lines_are_refused_and_none_of_them_is_lost(world: World) -> None:
    many = "\n".join(IVY.replace("ivy@", f"ivy{number}@") for number in range(500))
    answer = send(world.client("helen"), PATH, list=many)
    assert "too long" in text_of(answer) or f"at most {MOST_ROWS}" in text_of(answer)
    assert "ivy499@northmere.example" in answer.get_data(as_text=True)
    assert joined_by_list(world) == 0


def test_a_quote_that_is_not_closed_sends_nobody_and_loses_nothing(world: World) -> None:
    text = f"{ED}\n{IVY.replace('Ivy Lane', chr(34) + 'Ivy Lane')}\n{IVY.replace('ivy', 'iv')}"
    answer = send(world.client("helen"), PATH, list=text)
    assert "does not have six columns" in text_of(answer)
    assert "iv@northmere.example" in answer.get_data(as_text=True)
    assert "Send" not in text_of(answer)


@pytest.mark.parametrize("number", ["9" * 5000, "\u0661", "-1", "0", "x"])
def test_a_tick_that_names_no_row_vouches_for_nothing(world: World, number: str) -> None:
    text = IVY.replace("northmere.example", "gmail.com")
    digest = look_at_list(world.house, world.who("helen"), text).digest
    fields = {"list": text, "digest": digest, "vouched": number}
    answer = send(world.client("helen"), f"{PATH}/send", PATH, **fields)
    assert answer.status_code == 200
    assert "tick it" in text_of(answer)
    assert joined_by_list(world) == 0
