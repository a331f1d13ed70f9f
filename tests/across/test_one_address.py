"""One address is one account, also while its owner begins anew, whichever link they open first."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import mintotp
import pytest
from click import ClickException
from flask.testing import FlaskClient

from portal.cli.first_person import Given, comes_here
from portal.domain.ids import AreaId
from portal.domain.people import Account, Person
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.joining import join as joins
from portal.journeys.joining.follow_link import BeginsAnew, HasAccount, follow_link
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import Linked, NewPerson
from portal.journeys.signing_in.sign_out import sign_out
from portal.records import people
from portal.records.database import reading
from tests.across.renewing import NEW, begin_anew, join_again
from tests.across.scene import READER, Two, token_of
from tests.across.test_at_the_same_instant import at_last_step
from tests.journeys.other_area import OtherArea, other_area
from tests.web.browsing import send, text_of


@pytest.fixture
def west(two: Two) -> OtherArea:
    """A third area."""
    return other_area(two.world, "Westmere")


def invited(two: Two, west: OtherArea, name: str = "carys") -> Linked:
    person = two.world.person(name)
    new = NewPerson(
        person.name, person.email, "Officer", "01632 961 444", west.agency.id, READER
    )  # fmt: skip
    return invite_person(two.world.house, west.olga, new)


def everywhere(two: Two, name: str = "carys") -> list[Person]:
    """Every row of that address, by area."""
    email = two.world.secrets(name).email
    with reading(two.world.house.engine) as db:
        return [
            person
            for area_id in _areas(two)
            for person in people.of_area(db, area_id).values()
            if person.email == email
        ]


def _areas(two: Two) -> list[AreaId]:
    with reading(two.world.house.engine) as db:
        return sorted({row.area_id for row in db.execute(people.people.select())})


def is_one_account(two: Two) -> bool:
    found = everywhere(two)
    return (
        len({each.account_id for each in found}) == 1
        and sum(each.at_home for each in found) == 1
        and all(each.account is Account.ENROLLED for each in found)
    )


def has_begun_anew(two: Two, folder: Path) -> None:
    join_again(two, "carys", folder, lambda who: sign_out(two.world.house, who))


def accepts(two: Two, link: Linked, folder: Path) -> FlaskClient:
    """They open the invitation, sign in with what they have since, and join."""
    client = two.world.client()
    to = send(client, link.path).headers["Location"]
    assert to.endswith("/accept")
    send(client, "/sign-in", email=two.world.secrets("carys").email, passphrase=NEW)
    two.world.clock.advance(timedelta(seconds=30))
    seed = _seed(folder)
    code = mintotp.hotp(seed, int(two.world.clock.now().timestamp()) // 30)
    assert send(client, "/sign-in/code", code=code).status_code == 303
    assert send(client, to).headers["Location"] == "/"
    return client


def _as(two: Two, home: Person, account: Account) -> None:
    with tending(two.world.house) as db:
        people.set_account(db, home.area_id, home.id, account)


def _seed(folder: Path) -> str:
    found = re.findall(r"[A-Z2-7]{16,}", (folder / "secret").read_text().replace(" ", ""))
    return str(found[-1])


def test_the_invitation_of_a_third_area_makes_no_second_account(
    two: Two, west: OtherArea, tmp_path: Path
) -> None:
    """They open the invitation first: they are told to begin anew, and then join with that."""
    two.joins("carys")
    begin_anew(two, "carys")
    link = invited(two, west)
    told = send(two.world.client(), link.path)
    assert "First begin anew with your account" in text_of(told)
    assert [each.account_id for each in everywhere(two) if each.id == link.person.id] == [
        link.person.id
    ]
    has_begun_anew(two, tmp_path)
    accepts(two, link, tmp_path)
    assert is_one_account(two)
    assert len(everywhere(two)) == 3


def test_nor_does_it_where_they_begin_anew_first(two: Two, west: OtherArea, tmp_path: Path) -> None:
    two.joins("carys")
    link = invited(two, west)
    begin_anew(two, "carys")
    has_begun_anew(two, tmp_path)
    with pytest.raises(HasAccount) as known:
        follow_link(two.world.house, token_of(link))
    assert not isinstance(known.value, BeginsAnew)
    accepts(two, link, tmp_path)
    assert is_one_account(two)


def test_nor_where_they_had_begun_to_join_it_before_they_had_an_account(
    two: Two, west: OtherArea
) -> None:
    """Half-way through one invitation they join elsewhere, begin anew there, and then go on."""
    two.joins("carys")
    home = two.world.person("carys")
    link = invited(two, west)
    _as(two, home, Account.LEFT)
    half, group = at_last_step(two.world, link)
    _as(two, home, Account.ENROLLED)
    begin_anew(two, "carys")
    with pytest.raises(HasAccount):
        joins.join(two.world.house, half, group, shared=False)
    assert [e.account for e in everywhere(two) if e.id == link.person.id] == [Account.INVITED]


def test_their_own_link_to_begin_anew_is_followed(two: Two, tmp_path: Path) -> None:
    two.joins("carys")
    begin_anew(two, "carys")
    has_begun_anew(two, tmp_path)
    assert is_one_account(two)


def test_whoever_was_known_in_no_other_area_may_begin_by_either_link(two: Two) -> None:
    """There is no account that others point at: whichever they join first keeps it."""
    begin_anew(two, "carys")
    assert follow_link(two.world.house, token_of(two.invites("carys")))


def test_where_that_area_removes_them_instead_another_keeps_the_account(
    two: Two, west: OtherArea
) -> None:
    two.joins("carys")
    begin_anew(two, "carys")
    link = invited(two, west)
    remove_person(two.world.house, two.world.who("helen"), two.world.person("carys").id)
    with pytest.raises(HasAccount) as known:
        follow_link(two.world.house, token_of(link))
    assert not isinstance(known.value, BeginsAnew)


def test_at_a_terminal_they_are_told_as_well(two: Two, west: OtherArea) -> None:
    two.joins("carys")
    begin_anew(two, "carys")
    link = invited(two, west)

    def nothing(_who: Who) -> None:
        raise AssertionError("nobody came in")

    with pytest.raises(ClickException, match="begin anew"):
        comes_here(two.world.house, link, Given(NEW), nothing)
