"""A single point of contact lets their own people in at 8.55 and issues cards to them alone."""

from __future__ import annotations

import pytest

from portal.domain.deeds import Deed
from portal.domain.people import Role
from portal.records import cards, outbox, people
from portal.records.database import reading
from tests.giving_roles import give_roles
from tests.journeys.other_area import lines
from tests.staging import Stage
from tests.web.browsing import send, text_of
from tests.web.test_account_no_code import go_on, half_way, inside, to_the_day, words_on
from tests.web.test_issue_card import codes_at, sign_in_with
from tests.world import World, cast, confirm

OTHERS = ("ruth", "carys", "helen", "adeyemi")


def speaks_for_housing(world: World) -> None:
    """Una is named single point of contact of housing, where Joe works."""
    give_roles(world, "una", frozenset({Role.ATTENDEE, Role.SPOC}))
    confirm(world, "una")


def path_of(name: str, what: str) -> str:
    return f"/agency/people/{cast()[name].person_id}/{what}"


def held(world: World, name: str) -> int:
    with reading(world.house.engine) as db:
        return len(cards.of_person(db, cast()[name].person_id))


def test_they_let_a_colleague_in_to_read(stage: Stage) -> None:
    world = stage.world
    speaks_for_housing(world)
    to_the_day(stage)
    waiting = half_way(world, "joe")
    said, una = words_on(world, waiting), world.client("una")
    assert "They have no code" in text_of(una.get("/agency/people/"))
    done = send(una, path_of("joe", "vouch"), words=said, code=world.code("una"))
    assert done.headers["Location"] == "/agency/people/"
    go_on(waiting)
    assert inside(waiting)
    (line,) = stage.lines("person.vouched")
    assert (line["actor"], line["person"]) == (cast()["una"].person_id, cast()["joe"].person_id)
    with reading(world.house.engine) as db:
        rows = db.execute(outbox.outbox.select()).mappings().all()
    assert [row["fields"]["by"] for row in rows if row["letter"] == "vouched"] == ["spoc"] * 2


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_of_another_agency(stage: Stage, name: str) -> None:
    speaks_for_housing(stage.world)
    to_the_day(stage)
    una = stage.world.client("una")
    for what in ("vouch", "card"):
        assert una.get(path_of(name, what)).status_code == 404
    fields = {"words": "a b c d", "code": stage.world.code("una")}
    assert send(una, path_of(name, "vouch"), "/account/passphrase", **fields).status_code == 404
    assert stage.lines("person.vouched") == []


def test_never_themselves(stage: Stage) -> None:
    speaks_for_housing(stage.world)
    to_the_day(stage)
    una = stage.world.client("una")
    for what in ("vouch", "card"):
        assert una.get(path_of("una", what)).status_code == 403
    answer = send(una, path_of("una", "card"), "/account/passphrase", proofed="issued_met",
                  code=stage.world.code("una"))  # fmt: skip
    assert answer.status_code == 403
    assert held(stage.world, "una") == 0


@pytest.mark.parametrize("name", ["carys", "mark", "alan", "sian", "helen"])
def test_nobody_who_speaks_for_no_agency(world: World, name: str) -> None:
    client = world.client(name)
    for what in ("vouch", "card", "wake"):
        assert client.get(path_of("joe", what)).status_code == 403


def test_a_card_for_a_colleague_signs_them_in(world: World) -> None:
    speaks_for_housing(world)
    una = world.client("una")
    made = send(una, path_of("joe", "card"), proofed="issued_met", code=world.code("una"))
    shown = made.headers["Location"]
    codes = codes_at(una, shown)
    assert len(codes) == 40
    assert world.client("helen").get(shown).status_code == 403
    assert send(una, shown).headers["Location"] == "/agency/people/"
    assert una.get(shown).status_code == 404
    assert sign_in_with(world, codes[0], "joe") == 303
    line = lines(world.house, world.area.id, Deed.FACTOR_CHANGED)[-1]
    assert (line["actor"], line["change"]) == (cast()["una"].person_id, "issued_met")


@pytest.mark.parametrize("wrong", [{"code": "000000"}, {"code": ""}, {"proofed": ""}])
def test_nothing_is_issued_unless_all_is_right(world: World, wrong: dict[str, str]) -> None:
    speaks_for_housing(world)
    fields = {"proofed": "issued_rang", "code": world.code("una"), **wrong}
    answer = send(world.client("una"), path_of("joe", "card"), **fields)
    assert "There is a problem" in text_of(answer)
    assert held(world, "joe") == 0


def test_nor_anybody_who_holds_a_role_of_the_unit(world: World) -> None:
    with world.house.engine.begin() as db:
        db.execute(people.people.update().where(
            people.people.c.id == cast()["mark"].person_id
        ).values(roles=frozenset({Role.ATTENDEE, Role.SPOC})))  # fmt: skip
    client = world.client("mark")
    for name in ("helen", "tom", "priya", "sian", "dev"):
        assert client.get(path_of(name, "card")).status_code == 403
        assert client.get(path_of(name, "vouch")).status_code == 403
