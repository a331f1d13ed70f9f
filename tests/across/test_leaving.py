"""Leaving one area and staying in another; what an area may do to somebody it shares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.dormancy import DORMANT_DAYS
from portal.domain.people import Account, Role
from portal.domain.proofing import How
from portal.domain.roles import RoleReason
from portal.journeys.across.act_in import act_in
from portal.journeys.agencies.at_home import KeptElsewhere
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.dormancy.tell_dormant import tell_dormant
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import Who
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import confirmed_key, key_at
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.roles.change_roles import change_roles
from portal.journeys.signing_in.recall import Over, Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import NotRight, give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.records import generators, homes, keys, papers, people
from portal.records.database import reading
from portal.records.schema import metadata
from tests.across.renewing import begin_anew, join_again
from tests.across.scene import READER, Two, two_areas
from tests.staging import Stage

HERE = Source("127.0.0.1")
COORDINATOR = frozenset({Role.COORDINATOR})


def signs_in(two: Two, name: str) -> Recalled:
    mine, house = two.world.secrets(name), two.world.house
    half = recall(house, give_passphrase(house, mine.email, mine.passphrase, HERE))
    assert isinstance(half, Recalled)
    whole = recall(house, give_code(house, half, two.world.code(name), HERE, shared=False).secret)
    assert isinstance(whole, Recalled)
    return whole


def headers(two: Two, area_id: str) -> set[str]:
    """Whose wraps there are in an area."""
    with reading(two.world.house.engine) as db:
        found = db.execute(papers.headers.select()).mappings()
        return {row["reader_id"] for row in found if row["area_id"] == area_id}


def rows_of(two: Two, account_id: str) -> dict[str, set[str]]:
    """In which areas each table of accounts has rows of this one."""
    with reading(two.world.house.engine) as db:
        return {
            table.name: {
                row["area_id"]
                for row in db.execute(table.select()).mappings()
                if row["person_id"] == account_id
            }
            for table in homes.OF_ACCOUNT
        }


# ---- leaving ----


def test_leaving_the_other_area_ends_what_was_there_alone(two: Two) -> None:
    carys = two.joins("carys").actor.person_id
    two.slot(carys)
    assert carys in headers(two, two.area_id)
    secret = two.world.begin("carys")
    remove_person(two.world.house, two.olga, carys)
    assert carys not in headers(two, two.area_id)
    found = recall(two.world.house, secret)
    assert isinstance(found, Recalled)
    assert found.elsewhere == ()
    assert act_in(two.world.house, found, two.area_id) is None
    assert signs_in(two, "carys").person.id == two.world.person("carys").id
    assert "membership" not in str(two.lines(two.world.area.id)[-1]["deed"])


def test_leaving_the_home_moves_the_account_to_the_other_area(two: Two) -> None:
    joined = two.joins("carys").actor.person_id
    home = two.world.person("carys")
    secret = two.world.begin("carys")
    remove_person(two.world.house, two.world.who("helen"), home.id)
    assert isinstance(recall(two.world.house, secret), Over)
    found = signs_in(two, "carys")
    assert found.person.id == joined
    assert found.area.id == two.area_id
    assert found.elsewhere == ()
    assert act_in(two.world.house, found, home.area_id) is None


def test_nothing_of_the_account_stays_in_the_area_that_was_left(two: Two) -> None:
    two.joins("carys")
    home = two.world.person("carys")
    signs_in(two, "carys")
    remove_person(two.world.house, two.world.who("helen"), home.id)
    where = rows_of(two, home.account_id)
    assert where["keyrings"] == {two.area_id}
    assert set().union(*where.values()) == {two.area_id}


def test_the_tables_of_an_account_are_all_named() -> None:
    """A table of accounts is one whose area may change; the others belong to people of areas."""
    named = {table.name for table in homes.OF_ACCOUNT}
    of_people = {
        "attendance", "candidates", "case_holders", "certifications", "chosen_for", "claims",
        "confirmations",
        "covers", "deputy_terms", "duties", "former_keys", "grants", "invitations",
        "joining_links", "joining_words", "openings", "panel_seats", "provider_links",
        "public_keys", "readings", "statements", "unit_wraps", "uses", "word_wraps",
    }  # fmt: skip
    with_person = {t.name for t in metadata.tables.values() if "person_id" in t.c}
    assert named | of_people == with_person
    assert not named & of_people


def test_the_move_stands_in_the_record_of_the_area_that_keeps_the_account(two: Two) -> None:
    joined = two.joins("carys").actor.person_id
    home = two.world.person("carys")
    remove_person(two.world.house, two.world.who("helen"), home.id)
    told = two.lines(two.area_id)[-1]
    assert told["deed"] == "account.moved"
    assert told["person"] == joined
    assert home.id not in str(told)
    left = two.lines(home.area_id)[-1]
    assert left["deed"] == "person.left"
    assert joined not in str(left)
    assert two.letters("account_moved") == [home.email]


def test_an_unused_account_does_not_wake_by_moving(two: Two) -> None:
    joined = two.joins("carys").actor.person_id
    two.world.clock.advance(timedelta(days=DORMANT_DAYS + 1))
    remove_person(two.world.house, two.world.who("helen"), two.world.person("carys").id)
    with reading(two.world.house.engine) as db:
        moved = people.load(db, two.area_id, joined)
        assert moved is not None
        assert moved.at_home
        assert asleep_since(db, moved, two.world.clock.now()) is not None


def test_who_leaves_everywhere_signs_in_nowhere(two: Two) -> None:
    joined = two.joins("carys").actor.person_id
    remove_person(two.world.house, two.olga, joined)
    remove_person(two.world.house, two.world.who("helen"), two.world.person("carys").id)
    mine = two.world.secrets("carys")
    with pytest.raises(NotRight):
        give_passphrase(two.world.house, mine.email, mine.passphrase, HERE)


# ---- what is not this area's ----


def test_an_area_that_does_not_keep_the_account_makes_nobody_begin_anew(two: Two) -> None:
    carys = two.joins("carys").actor.person_id
    two.joins("tom", COORDINATOR)
    house, tom = two.world.house, act_in(two.world.house, two.at_home("tom"), two.area_id)
    assert tom is not None
    code = two.world.code
    before = len(two.lines(two.area_id))
    with pytest.raises(KeptElsewhere):
        proof_person(house, tom.who(), carys, How.MET, code("tom"))
    assert len(two.lines(two.area_id)) == before
    with reading(house.engine) as db:
        assert len(generators.of_person(db, two.person(carys).account_id)) == 1


def test_taking_a_role_away_elsewhere_signs_nobody_out_at_home(two: Two) -> None:
    carys = two.joins("carys", READER).actor.person_id
    tom = two.joins("tom", COORDINATOR)
    secret = two.world.begin("carys")
    change_roles(
        two.world.house, tom, carys, READER, frozenset({Role.ATTENDEE}), RoleReason.DUTIES,
        two.world.code("tom"),
    )  # fmt: skip
    found = recall(two.world.house, secret)
    assert isinstance(found, Recalled)
    acting = act_in(two.world.house, found, two.area_id)
    assert acting is not None
    assert acting.roles == {Role.ATTENDEE}
    assert Role.CONTACT in found.roles


def test_one_code_counts_once_whichever_area_it_is_for(two: Two) -> None:
    carys = two.joins("carys", READER).actor.person_id
    tom = two.joins("tom", COORDINATOR)
    code = two.world.code("tom")
    only = frozenset({Role.ATTENDEE})
    house = two.world.house
    change_roles(house, tom, carys, READER, only, RoleReason.DUTIES, code)
    with pytest.raises(CodeRefused):
        change_roles(house, tom, carys, only, READER, RoleReason.DUTIES, code)


def test_an_account_kept_elsewhere_is_never_said_to_be_unused_here(two: Two) -> None:
    two.joins("carys")
    two.world.clock.advance(timedelta(days=DORMANT_DAYS + 1))
    before = [told for told in two.lines(two.area_id) if told["deed"] == "account.dormant"]
    tell_dormant(two.world.house, two.area_id)
    after = [told for told in two.lines(two.area_id) if told["deed"] == "account.dormant"]
    assert before == after == []


# ---- beginning anew ----


@pytest.fixture
def anew(stage: Stage) -> Two:
    return two_areas(stage.world)


def test_beginning_anew_ends_the_key_in_every_area(anew: Two) -> None:
    two, house = anew, anew.world.house
    joined = two.joins("carys").actor.person_id
    two.slot(joined)
    before = len(two.lines(two.area_id))
    begin_anew(two, "carys")
    with reading(house.engine) as db:
        assert keys.public_key_of(db, two.area_id, joined) is None
        assert confirmed_key(house, db, two.area_id, joined) is None
        assert key_at(house, db, two.area_id, joined, before - 1) is not None
        assert key_at(house, db, two.area_id, joined, before + 1) is None
    assert joined not in headers(two, two.area_id)
    told = two.lines(two.area_id)[-1]
    assert told["deed"] == "person.renewed"
    assert told["person"] == joined
    home = two.world.person("carys")
    assert home.account is Account.INVITED
    assert home.id not in str(two.lines(two.area_id))


def test_the_new_key_waits_in_every_area_for_somebody_who_rings(anew: Two, tmp_path: Path) -> None:
    two, house = anew, anew.world.house
    joined = two.joins("carys").actor.person_id
    begin_anew(two, "carys")
    home = two.world.person("carys")

    def then(who: Who) -> None:
        with reading(house.engine) as db:
            public = keys.public_key_of(db, two.area_id, joined)
            assert public is not None
            assert public.fingerprint == own_fingerprint(who)
            assert confirmed_key(house, db, two.area_id, joined) is None
        confirm_key(house, two.olga, joined, own_fingerprint(who))
        with reading(house.engine) as db:
            assert confirmed_key(house, db, two.area_id, joined) is not None
            assert confirmed_key(house, db, home.area_id, home.id) is None

    join_again(two, "carys", tmp_path, then)
