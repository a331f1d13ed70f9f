"""Somebody with the database makes a person who has joined look invited, with a link of their own:
the record says that they have joined, and whoever follows the link does not become them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from portal.cli.first_person import Given, joins_here
from portal.domain.deeds import Deed
from portal.domain.people import Account
from portal.domain.proofing import How
from portal.identity import invitation
from portal.identity.invitation import NotUsable
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.joining.follow_link import follow_link
from portal.journeys.joining.join import set_first_passphrase
from portal.journeys.joining.joined_before import JoinedBefore, require_joins_first
from portal.journeys.joining.new_account import Linked
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.keys.renew_person import renew_person
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.ledger import book, leaf, search
from portal.ledger.book import Entry
from portal.ledger.tables import ledger_entries, ledger_heads
from portal.records import outbox, people, sessions
from portal.records.database import reading
from portal.records.sessions import JoiningLink, Stage
from tests.web.browsing import send, text_of
from tests.world import World

ANEW = "gravel violin mostly lantern oxbow harbour"


def set_row(world: World, name: str, account: Account) -> None:
    with tending(world.house) as db:
        where = people.people.c.id == world.secrets(name).person_id
        db.execute(update(people.people).where(where).values(account=account))


def slipped_in(world: World, name: str) -> str:
    """A joining link of the attacker's, beside whatever links there are."""
    token, hashed = invitation.new_token()
    now, person = world.clock.now(), world.person(name)
    link = JoiningLink(hashed, person.area_id, person.id, invitation.expires(now), None, person.id)
    with tending(world.house) as db:
        db.execute(sessions.joining_links.insert().values(**vars(link)))
    return token


def made_invited(world: World, name: str = "grace") -> str:
    """The attack: the row says invited, and a link is there. Returns its token."""
    set_row(world, name, Account.INVITED)
    with tending(world.house) as db:
        mine = sessions.joining_links.c.person_id == world.secrets(name).person_id
        db.execute(delete(sessions.joining_links).where(mine))
    return slipped_in(world, name)


def lines(world: World, deed: str, name: str) -> list[dict[str, leaf.Value]]:
    whose = world.secrets(name).person_id.encode()
    with reading(world.house.engine) as db:
        found = search.mentions(db, world.area.id, [deed], whose, after=-1)
    return [leaf.decode(each) for each in found]


def alarms(world: World) -> list[str]:
    with reading(world.house.engine) as db:
        due = outbox.due(db, world.clock.now(), 1000)
    return [notice.address for notice in due if notice.letter == "key_alarm"]


def test_a_link_slipped_in_for_whoever_has_joined_is_as_good_as_used(world: World) -> None:
    grace = own_fingerprint(world.who("grace"))
    token = made_invited(world)
    with pytest.raises(JoinedBefore):
        follow_link(world.house, token)
    (told,) = lines(world, "key.alarm", "grace")
    assert told["expected"] == grace
    assert alarms(world) == [world.area.unit_email]
    assert len(lines(world, "person.joined", "grace")) == 1


def test_the_unit_is_told_once_for_each_link(world: World) -> None:
    token = made_invited(world)
    for _ in range(5):
        with pytest.raises(NotUsable):
            follow_link(world.house, token)
    assert len(lines(world, "key.alarm", "grace")) == 1
    with pytest.raises(NotUsable):
        follow_link(world.house, slipped_in(world, "grace"))
    assert len(lines(world, "key.alarm", "grace")) == 2


def test_the_page_answers_as_for_a_used_link(world: World) -> None:
    client, token = world.client(), made_invited(world)
    answer = send(client, f"/join/{token}")
    assert answer.status_code == 404
    again = client.get(f"/join/{token}")
    assert (again.status_code, text_of(again)) == (404, text_of(answer))


@pytest.mark.parametrize("spent", [True, False])
def test_a_link_put_back_beside_the_spent_one_is_refused(world: World, spent: bool) -> None:
    """Two rows of one person, of which one was used, break nothing."""
    first = slipped_in(world, "grace")
    if spent:
        with tending(world.house) as db:
            sessions.spend_links(db, world.person("grace").id, world.clock.now())
    second = slipped_in(world, "grace")
    for account in (Account.ENROLLED, Account.INVITED):
        set_row(world, "grace", account)
        for token in (first, second):
            with pytest.raises(NotUsable):
                follow_link(world.house, token)


def test_every_link_of_whoever_is_removed_ends(world: World) -> None:
    tokens = [world.joining_token(), slipped_in(world, "newcomer")]
    remove_person(world.house, world.who("helen"), world.person("newcomer").id)
    set_row(world, "newcomer", Account.INVITED)
    for token in tokens:
        with pytest.raises(NotUsable):
            follow_link(world.house, token)


def test_whoever_left_before_joining_does_not_join(world: World) -> None:
    remove_person(world.house, world.who("helen"), world.person("newcomer").id)
    token = made_invited(world, "newcomer")
    with pytest.raises(JoinedBefore):
        follow_link(world.house, token)
    assert alarms(world) == [world.area.unit_email]


def test_no_step_goes_on_in_a_session_that_was_put_back(world: World) -> None:
    """A joining that was begun before the person joined is not gone on with afterwards."""
    made_invited(world)
    person = world.person("grace")
    with tending(world.house) as db:
        secret = begin(world.house, db, person, Stage.JOINING, None, world.clock.now())
    half = recall(world.house, secret)
    assert isinstance(half, Recalled)
    with pytest.raises(JoinedBefore):
        set_first_passphrase(world.house, half, ANEW)
    assert alarms(world) == [world.area.unit_email]


def test_the_unit_sends_them_no_link(world: World) -> None:
    set_row(world, "grace", Account.INVITED)
    with pytest.raises(KeyAlarm):
        resend_link(world.house, world.who("helen"), world.person("grace").id)
    assert len(lines(world, "person.invited", "grace")) == 1


def test_whoever_was_let_begin_anew_joins_once_more_and_no_more(
    world: World, tmp_path: Path
) -> None:
    house, ruth = world.house, world.person("ruth")
    proof_person(house, world.who("helen"), ruth.id, How.RANG, world.code("helen"))
    renew_person(house, world.who("tom"), ruth.id, world.code("tom"))
    resent = resend_link(house, world.who("helen"), ruth.id)
    given = Given(ANEW, tmp_path / "secret", tmp_path / "codes")
    joins_here(house, Linked(ruth, resent.path), given, lambda _who: None)
    assert len(lines(world, "person.joined", "ruth")) == 2
    with pytest.raises(JoinedBefore):
        follow_link(house, made_invited(world, "ruth"))


def test_a_line_that_nothing_proves_lets_nobody_join_again(world: World) -> None:
    """A line beginning anew, slipped into the record behind its checkpoints, is not believed."""
    grace = world.person("grace")
    with tending(world.house) as db:
        size = book.head(db, grace.area_id).size
        entry = book.entries(db, grace.area_id, size - 1, 1)[0]
        renewed = Deed.PERSON_RENEWED.value
        told = {**leaf.decode(entry.leaf), "deed": renewed, "person": grace.id}
        forged = Entry(size, entry.leaf_hash, leaf.encode(told), renewed, entry.recorded_at)
        db.execute(ledger_entries.insert().values(area_id=grace.area_id, **vars(forged)))
        db.execute(update(ledger_heads).values(size=size + 1))
        found = search.newest_about(db, grace.area_id, renewed, {"person": grace.id})
        assert found == forged
        with pytest.raises(JoinedBefore):
            require_joins_first(world.house, db, grace)
