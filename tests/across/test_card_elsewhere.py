"""A printed code card from any area that somebody belongs to, and what only the one that keeps
their account does."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.records import cards, people
from portal.records.database import reading
from tests.across.scene import Two
from tests.web.browsing import send, text_of

COORDINATOR = frozenset({Role.COORDINATOR})


@pytest.fixture
def carys(two: Two) -> PersonId:
    """Carys of Northmere belongs to Southmere, which Tom of Northmere co-ordinates."""
    two.joins("tom", COORDINATOR)
    return two.joins("carys").actor.person_id


def path_of(two: Two, person_id: PersonId) -> str:
    return f"/in/{two.area_id}/unit/people/{person_id}/card"


def issue(two: Two, client: FlaskClient, person_id: PersonId) -> TestResponse:
    fields = {"proofed": "issued_met", "code": two.world.code("tom")}
    return send(client, path_of(two, person_id), **fields)


def at_home(two: Two, who: str = "helen") -> TestResponse:
    fields = {"proofed": "issued_rang", "code": two.world.code(who)}
    person_id = two.world.person("carys").id
    return send(two.world.client(who), f"/unit/people/{person_id}/card", **fields)


def codes_at(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4})</li>", client.get(path).text)


def signs_in(two: Two, code: str, who: str = "carys") -> bool:
    client, mine = two.world.client(), two.world.secrets(who)
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    return send(client, "/sign-in/code", code=code).status_code == 303


def changes(two: Two, area_id: str) -> list[tuple[object, object, object]]:
    found = [each for each in two.lines(two.world.area.id) if area_id == two.world.area.id]
    found += [each for each in two.lines(two.area_id) if area_id == two.area_id]
    return [
        (each["actor"], each["person"], each["change"])
        for each in found
        if each["deed"] == "factor.changed"
    ]


def cards_of(two: Two, who: str = "carys") -> list[cards.Card]:
    with reading(two.world.house.engine) as db:
        return cards.of_person(db, two.world.person(who).account_id)


def test_it_signs_them_in_wherever_they_belong(two: Two, carys: PersonId) -> None:
    client = two.world.client("tom")
    codes = codes_at(client, issue(two, client, carys).headers["Location"])
    assert len(codes) == 40
    assert signs_in(two, codes[0])
    assert not signs_in(two, codes[0])
    assert not signs_in(two, codes[1], "joe")
    (card,) = cards_of(two)
    assert card.area_id == two.world.area.id


def test_both_records_and_its_owner_and_the_unit_at_home_are_told(
    two: Two, carys: PersonId
) -> None:
    before = changes(two, two.world.area.id)
    issue(two, two.world.client("tom"), carys)
    tom, home = two.who("tom").actor.person_id, two.world.person("carys")
    assert changes(two, two.area_id) == [(tom, carys, "issued_met")]
    assert changes(two, two.world.area.id) == [*before, ("system", home.id, "issued_elsewhere")]
    assert two.letters("factor_changed") == [home.email]
    assert two.letters("card_elsewhere") == [two.world.area.unit_email]
    assert two.area_id not in str(two.lines(two.world.area.id))
    shown = text_of(two.world.client("helen").get("/record/"))
    assert "code card was issued by another unit that they belong to" in shown


def test_a_card_from_home_tells_no_other_area(two: Two, carys: PersonId) -> None:
    before = len(two.lines(two.area_id))
    at_home(two)
    assert len(two.lines(two.area_id)) == before
    assert two.letters("card_elsewhere") == []


def test_it_ends_none_that_home_issued_and_home_ends_it(two: Two, carys: PersonId) -> None:
    client, helen = two.world.client("tom"), two.world.client("helen")
    first = codes_at(helen, at_home(two).headers["Location"])
    second = codes_at(client, issue(two, client, carys).headers["Location"])
    third = codes_at(client, issue(two, client, carys).headers["Location"])
    assert signs_in(two, first[0])
    assert not signs_in(two, second[0])
    assert signs_in(two, third[0])
    at_home(two)
    assert not signs_in(two, third[1])
    assert len(cards_of(two)) == 1


def test_one_that_its_owner_printed_stays(two: Two, carys: PersonId) -> None:
    mine, client = two.world.client("carys"), two.world.client("tom")
    path = send(
        mine, "/account/factors/add", kind="code_card", name="Locker", code=two.world.code("carys")
    ).headers["Location"]
    own = codes_at(mine, path)
    send(mine, path, code=own[0])
    issue(two, client, carys)
    assert signs_in(two, own[1])


def test_not_before_their_key_is_confirmed_in_that_area(two: Two) -> None:
    two.joins("tom", COORDINATOR)
    carys = two.joins("carys", confirmed=False).actor.person_id
    client = two.world.client("tom")
    shown = client.get(path_of(two, carys))
    assert shown.status_code == 403
    assert "their key is not confirmed in this area" in text_of(shown)
    assert issue(two, client, carys).status_code == 403
    assert cards_of(two) == []
    assert two.letters("card_elsewhere") == []


def test_a_row_that_was_made_to_point_at_another_account_gives_none_to_it(
    two: Two, carys: PersonId
) -> None:
    """Whoever writes to the database and co-ordinates one area prints no card for anybody else."""
    with tending(two.world.house) as db:
        table = people.people
        victim = two.world.person("ruth").account_id
        db.execute(table.update().where(table.c.id == carys).values(account_id=victim))
    client = two.world.client("tom")
    assert client.get(path_of(two, carys)).status_code == 403
    assert issue(two, client, carys).status_code == 403
    assert cards_of(two, "ruth") == []


def test_a_number_that_was_slipped_in_stops_it(two: Two, carys: PersonId) -> None:
    with tending(two.world.house) as db:
        table = people.people
        db.execute(table.update().where(table.c.id == carys).values(phone="01632 960 666"))
    assert issue(two, two.world.client("tom"), carys).status_code == 409
    assert cards_of(two) == []


def test_whoever_left_that_area_gets_none_from_it(two: Two, carys: PersonId) -> None:
    remove_person(two.world.house, two.who("tom"), carys)
    assert "has left" in text_of(issue(two, two.world.client("tom"), carys))
    assert cards_of(two) == []


def test_whoever_only_reads_there_issues_none(two: Two, carys: PersonId) -> None:
    two.joins("joe")
    client = two.world.client("joe")
    fields = {"proofed": "issued_met", "code": two.world.code("joe")}
    answer = send(client, path_of(two, carys), form="/account/backup-codes", **fields)
    assert answer.status_code == 403
    assert cards_of(two) == []


def test_only_the_unit_that_keeps_an_unused_account_opens_it(two: Two, carys: PersonId) -> None:
    client = two.world.client("tom")
    back = client.get(f"/in/{two.area_id}/unit/people/{carys}/wake", follow_redirects=True)
    assert "only that unit opens it again" in text_of(back)
    assert "They can sign in" not in text_of(back)
