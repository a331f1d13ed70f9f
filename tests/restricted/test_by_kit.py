"""Nobody holds a restricted case any more: the recovery kit gives it to whom it brings in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.cli.first_person import Given, joins_here
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.kit import Kit, Opened, read_back, unit_for_kit
from portal.crypto.unit import new_unit
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.joining.bootstrap_coordinator import FirstCoordinator
from portal.journeys.keys.bring_unit_back import give_unit_by_kit, invite_by_kit
from portal.journeys.keys.renew_kit import renew_kit
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.meetings.read_case import read_case
from portal.journeys.meetings.read_names import read_names
from portal.journeys.restricted.change_holders import change_holders, state_of
from portal.journeys.views.holders import holders_page
from portal.policy.judge import Refused
from portal.records import restrictions
from portal.records.database import reading
from tests.restricted.holding import HOLDERS, NAME, restriction, set_holders
from tests.staging import Stage
from tests.world import code_at

PASSPHRASE = "umbrella gravel violin mostly lantern oxbow"


def new_kit(stage: Stage, former: Opened | None = None) -> Opened:
    """A kit whose custodians are here, made with the unit's key that Helen has, and with those of
    the `former` one where they are here too."""
    house, helen = stage.house, stage.world.who("helen")
    with reading(house.engine) as db:
        unit = open_unit_of(house, db, helen).key

    def hand_out(kit: Kit) -> list[str]:
        return list(kit.identities[:2])

    kit = renew_kit(house, stage.world.area.id, unit, 2, 3, hand_out, former)
    typed = [HybridIdentity(text) for text in kit.identities[:2]]
    return read_back([file.body for file in kit.files], typed)


def brought_in(stage: Stage, opened: Opened) -> Who:
    """Somebody whom the custodians bring in, at the server's terminal."""
    house, area = stage.house, stage.world.area
    host = stage.world.agency("probation").id
    new = FirstCoordinator(
        "Tam Baines", "tam@northmere.example", "Co-ordinator", "01632 960 009", host
    )
    linked = invite_by_kit(house, area.id, opened, new)
    found: list[Who] = []

    def give(who: Who) -> None:
        found.append(who)
        give_unit_by_kit(house, who, opened)

    folder = stage.world.folder
    given = Given(PASSPHRASE, folder / "secret", folder / "codes")
    joins_here(house, linked, given, give)
    # Their role counts from here on: with the next request, in a browser.
    return replace(found[0], actor=replace(found[0].actor, roles=linked.person.roles))


def everybody_leaves(stage: Stage) -> None:
    for name in HOLDERS:
        remove_person(stage.house, stage.world.who("helen"), stage.id(name))


def test_the_kit_gives_it_to_whom_it_brings_in(held: Stage) -> None:
    opened = new_kit(held)
    assert not holders_page(held.house, held.world.who("tom"), held.case_id).kit_is_newest
    set_holders(held, "tom", *HOLDERS)
    assert holders_page(held.house, held.world.who("tom"), held.case_id).kit_is_newest
    everybody_leaves(held)
    who = brought_in(held, opened)
    assert read_case(held.house, who, held.case_id).particulars.name == NAME
    assert read_names(held.house, who)[held.case_id] == NAME
    assert restriction(held).holders == {who.actor.person_id}


def test_what_somebody_holds_is_given_to_nobody_by_the_kit(held: Stage) -> None:
    opened = new_kit(held)
    set_holders(held, "tom", *HOLDERS)
    who = brought_in(held, opened)
    with pytest.raises(Refused):
        read_case(held.house, who, held.case_id)
    assert held.lines("holders.changed")[-1]["actor"] == held.id("tom")


def test_a_key_that_is_sealed_to_an_earlier_kit_stays_closed(held: Stage) -> None:
    opened = new_kit(held)
    everybody_leaves(held)
    who = brought_in(held, opened)
    with pytest.raises(Refused):
        read_case(held.house, who, held.case_id)


def test_whoever_was_brought_in_names_others(held: Stage) -> None:
    opened = new_kit(held)
    set_holders(held, "tom", *HOLDERS)
    everybody_leaves(held)
    who = brought_in(held, opened)
    before = restriction(held).public.fingerprint
    with reading(held.house.engine) as db:
        was = state_of(db, held.world.area.id, held.case_id)
    code = code_of(held)
    both = [who.actor.person_id, held.id("helen")]
    change_holders(held.house, who, held.case_id, both, was, code)
    assert read_case(held.house, held.world.who("helen"), held.case_id).particulars.name == NAME
    assert restriction(held).public.fingerprint != before


def code_of(stage: Stage) -> str:
    stage.world.clock.advance(timedelta(minutes=1))
    secret = (stage.world.folder / "secret").read_text().strip()
    return code_at(secret, stage.world.clock.now())


def test_a_kit_that_takes_another_s_place_opens_what_that_one_did(held: Stage) -> None:
    first = new_kit(held)
    set_holders(held, "tom", *HOLDERS)
    second = new_kit(held, first)
    assert holders_page(held.house, held.world.who("tom"), held.case_id).kit_is_newest
    everybody_leaves(held)
    who = brought_in(held, second)
    assert read_case(held.house, who, held.case_id).particulars.name == NAME


def test_a_key_that_somebody_else_sealed_to_the_kit_is_not_taken_over(held: Stage) -> None:
    """Sealing needs the kit's public key alone: whoever writes the database can do it."""
    first = new_kit(held)
    set_holders(held, "tom", *HOLDERS)
    with tending(held.house) as db:
        forged = unit_for_kit(new_unit(), first.backups.recipient().raw)
        db.execute(update(restrictions.restricted_cases).values(for_kit=forged))
    second = new_kit(held, first)
    assert not holders_page(held.house, held.world.who("tom"), held.case_id).kit_is_newest
    everybody_leaves(held)
    who = brought_in(held, second)
    with pytest.raises(Refused):
        read_case(held.house, who, held.case_id)
