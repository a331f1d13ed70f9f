"""Southmere, the area next door: what one account in two areas looks like.

A prison serves both. Its head of offender management has an account in Northmere, and is invited
to a meeting of Southmere with it. Neither area sees anything of the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from portal.demo.cast import SHARED, SOUTH, SOUTHERN_CASE, SOUTHERNER
from portal.demo.company import Company, come_in, recalled
from portal.domain.clocks import london, working_days_after
from portal.domain.meetings import Capacity, Mode, SlotKind
from portal.journeys.across.act_in import act_in
from portal.journeys.across.begin_membership import begin_membership
from portal.journeys.agencies.link_agency import Local, link_agency
from portal.journeys.agencies.share_agency import share_agency
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.joining.bootstrap_coordinator import (
    FirstCoordinator,
    bootstrap_coordinator,
    invite_first_coordinator,
)
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.meetings.bank_holidays import around
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.running.init_area import init_area
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source

HERE = Source("127.0.0.1")


def move_in(company: Company, today: datetime, tell: Callable[[str], None]) -> None:
    """Open Southmere, let its co-ordinator join, and let the prison's head belong to both areas."""
    tell("Southmere, the area next door, is opened, and links the prison that serves both")
    house = company.house
    area, host, unit = init_area(house, SOUTH, 2, 3, lambda kit: kit.identities[:2])
    first = SOUTHERNER
    linked = invite_first_coordinator(
        house, area.id, FirstCoordinator(first.name, first.email, first.job, first.phone, host.id)
    )
    come_in(company, first, linked.person.id, linked.path)
    bootstrap_coordinator(house, company.who(first.key), unit)
    company.confirmed(first.key)
    _joins_at_home(company)
    share_agency(house, company.who("helen"), company.agencies[SHARED.agency], shared=True)
    prison = link_agency(
        house,
        company.who(first.key),
        company.agencies[SHARED.agency],
        Local(SHARED.name, "", "", SHARED.phone),
    )
    invited = invite_person(
        house,
        company.who(first.key),
        NewPerson(SHARED.name, SHARED.email, SHARED.job, SHARED.phone, prison.id, SHARED.roles),
    )
    member = company.members[SHARED.key]
    half = recalled(house, give_passphrase(house, SHARED.email, member.passphrase, HERE))
    secret = give_code(house, half, company.code(SHARED.key), HERE, shared=False).secret
    begin_membership(house, recalled(house, secret), invited.path.rpartition("/")[2])
    acting = act_in(house, recalled(house, secret), area.id)
    if acting is None:
        raise RuntimeError("the account of the demonstration does not act in the second area")
    confirm_key(house, company.who(first.key), acting.person.id, own_fingerprint(acting.who()))
    case = open_case(
        house,
        company.who(first.key),
        NewCase(
            SOUTHERN_CASE.reference,
            host.id,
            SOUTHERN_CASE.category,
            SOUTHERN_CASE.level,
            SOUTHERN_CASE.name,
            SOUTHERN_CASE.born,
        ),
    )
    planned = plan_meeting(
        house,
        company.who(first.key),
        _in_a_week(today),
        time(14, 0),
        Mode.REMOTE,
        [Heard(case.id, SlotKind.INITIAL)],
    )
    invite_to_slot(
        house,
        company.who(first.key),
        planned.slots[0].id,
        acting.person.id,
        Capacity.OFFENDER_MANAGER,
        "Answers for the sentence at HMP Elmsworth.",
    )


def _joins_at_home(company: Company) -> None:
    house, prison = company.house, company.agencies[SHARED.agency]
    invited = invite_person(
        house,
        company.who("helen"),
        NewPerson(SHARED.name, SHARED.email, SHARED.job, SHARED.phone, prison, SHARED.roles),
    )
    come_in(company, SHARED, invited.person.id, invited.path)
    heard = own_fingerprint(company.who(SHARED.key))
    confirm_key(house, company.who("helen"), invited.person.id, heard)
    company.confirmed(SHARED.key)


def _in_a_week(today: datetime) -> date:
    day = london(today).date() + timedelta(days=7)
    return working_days_after(day, 1, around(day))
