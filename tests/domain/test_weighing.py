"""What a coordinator must write, and to whom a paper can be passed on at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.domain.disclosures import (
    LONGEST_DAYS,
    LONGEST_TEXT,
    LawfulBasis,
    Least,
    NoReceiver,
    authority_number,
    no_receiver,
    waiting_days,
)
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.people import Account, Person, Role
from portal.domain.weighing import Approval, NotWeighed, Refusal, ShortReason, Weighing

FIELDS = ("necessity", "proportionality", "risks_of_disclosing", "risks_of_withholding")
TEXTS = {
    "necessity": "Without it the housing officer cannot place him safely.",
    "proportionality": "One report, to one named person, for two weeks.",
    "risks_of_disclosing": "His address might become known on the estate.",
    "risks_of_withholding": "He might be placed opposite the school.",
}
WEIGHING = Weighing(**TEXTS)
APPROVAL = Approval(WEIGHING, LawfulBasis.CDA_115, Least.THIS_PAPER, 14)
SHORT = ["", "n/a", " " * 60, "as discussed earlier"[:19], "a" + " " * 40 + "b", "\u200b" * 40]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("short", SHORT)
def test_rule_68_each_needs_its_own_text(field: str, short: str) -> None:
    with pytest.raises(ShortReason) as refused:
        Weighing(**{**TEXTS, field: short}).check()
    assert refused.value.field == field


@pytest.mark.parametrize("field", FIELDS[1:])
def test_rule_68_a_text_pasted_twice_is_none(field: str) -> None:
    pasted = "  " + TEXTS["necessity"].upper().replace(" ", "  ")
    with pytest.raises(NotWeighed) as refused:
        Weighing(**{**TEXTS, field: pasted}).check()
    assert refused.value.field == field


def test_the_words_never_repeat_what_was_typed() -> None:
    with pytest.raises(NotWeighed) as refused:
        replace(WEIGHING, necessity="Mr Doe").check()
    assert "Doe" not in str(refused.value) + refused.value.words


@pytest.mark.parametrize("least", [least for least in Least if least is not Least.THIS_PAPER])
def test_rule_69_where_less_serves_the_paper_is_not_given(least: Least) -> None:
    with pytest.raises(NotWeighed) as refused:
        replace(APPROVAL, least=least).check(others_paper=False, health_paper=False)
    assert refused.value.field == "least"


@pytest.mark.parametrize("days", [-1, 0, LONGEST_DAYS + 1, 10_000])
def test_rule_74_access_has_an_end_and_not_a_far_one(days: int) -> None:
    with pytest.raises(NotWeighed) as refused:
        replace(APPROVAL, days=days).check(others_paper=False, health_paper=False)
    assert refused.value.field == "days"


@pytest.mark.parametrize("days", [1, LONGEST_DAYS])
def test_the_first_and_the_last_day_count(days: int) -> None:
    replace(APPROVAL, days=days).check(others_paper=False, health_paper=False)


@pytest.mark.parametrize("short", SHORT)
def test_rule_64_the_owning_agency_was_consulted(short: str) -> None:
    with pytest.raises(ShortReason) as refused:
        replace(APPROVAL, consulted=short).check(others_paper=True, health_paper=False)
    assert refused.value.field == "consulted"


@pytest.mark.parametrize("short", SHORT)
def test_rule_72_health_information_needs_its_reason(short: str) -> None:
    with pytest.raises(ShortReason) as refused:
        replace(APPROVAL, health=short).check(others_paper=False, health_paper=True)
    assert refused.value.field == "health"


@pytest.mark.parametrize("field", [*FIELDS])
def test_a_text_has_an_end(field: str) -> None:
    with pytest.raises(NotWeighed) as refused:
        Weighing(**{**TEXTS, field: "a" * (LONGEST_TEXT + 1)}).check()
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["consulted", "health"])
def test_what_need_not_be_written_has_an_end_too(field: str) -> None:
    with pytest.raises(NotWeighed) as refused:
        replace(APPROVAL, **{field: "a" * (LONGEST_TEXT + 1)}).check(
            others_paper=False, health_paper=False
        )
    assert refused.value.field == field


@pytest.mark.parametrize("short", SHORT)
def test_a_refusal_needs_its_reply(short: str) -> None:
    with pytest.raises(ShortReason) as refused:
        Refusal(WEIGHING, short).check()
    assert refused.value.field == "reply"


def test_a_refusal_needs_the_weighing_too() -> None:
    with pytest.raises(ShortReason):
        Refusal(replace(WEIGHING, necessity=""), "You may ask the prison itself.").check()


def test_what_is_whole_stands() -> None:
    APPROVAL.check(others_paper=False, health_paper=False)
    replace(APPROVAL, consulted="HMP Elmsworth agrees, by telephone.").check(
        others_paper=True, health_paper=False
    )
    Refusal(WEIGHING, "You may ask the prison itself.").check()


def person(account: Account, agency: str, *roles: Role) -> Person:
    return Person(
        PersonId("p"), AreaId("a"), AgencyId(agency), "p@x.example", "P", "", "",
        frozenset(roles), account, datetime(2026, 5, 4, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("account", "agency", "role", "why"),
    [
        (Account.ENROLLED, "own", Role.ATTENDEE, NoReceiver.OWN_AGENCY),
        (Account.INVITED, "own", Role.ATTENDEE, NoReceiver.OWN_AGENCY),
        (Account.LEFT, "other", Role.ATTENDEE, NoReceiver.LEFT),
        (Account.LEFT, "own", Role.ATTENDEE, NoReceiver.LEFT),
        (Account.ENROLLED, "other", Role.LAY_ADVISER, NoReceiver.NO_PAPERS),
        (Account.ENROLLED, "other", Role.AUDITOR, NoReceiver.NO_PAPERS),
        (Account.ENROLLED, "other", Role.OPERATOR, NoReceiver.NO_PAPERS),
        (Account.ENROLLED, "other", Role.ATTENDEE, None),
        (Account.INVITED, "other", Role.ATTENDEE, None),
        (Account.ENROLLED, "other", Role.COORDINATOR, None),
    ],
)
def test_rules_3_and_15_to_whom(
    account: Account, agency: str, role: Role, why: NoReceiver | None
) -> None:
    assert no_receiver(person(account, agency, role), AgencyId("own")) is why


def test_an_observer_with_another_role_has_no_papers_either() -> None:
    both = person(Account.ENROLLED, "other", Role.ATTENDEE, Role.LAY_ADVISER)
    assert no_receiver(both, AgencyId("own")) is NoReceiver.NO_PAPERS


@pytest.mark.parametrize(("nth", "number"), [(1, "DA/2026/001"), (1000, "DA/2026/1000")])
def test_numbers_of_authorities(nth: int, number: str) -> None:
    assert authority_number(2026, nth) == number


@pytest.mark.parametrize(
    ("today", "days"), [(date(2026, 5, 4), 0), (date(2026, 5, 6), 2), (date(2026, 5, 3), 0)]
)
def test_how_long_it_waits(today: date, days: int) -> None:
    assert waiting_days(date(2026, 5, 4), today) == days
