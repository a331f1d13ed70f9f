"""Somebody of two areas at the doors: one list, and in each area only what is of it."""

from __future__ import annotations

from flask.testing import FlaskClient

from portal.domain import statement
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import Role, system
from portal.journeys.across.act_in import act_in
from portal.journeys.deed import unjudged
from portal.records import keys, sessions
from portal.records.database import reading, writing
from portal.records.people import people
from tests.across.scene import READER, Two, token_of, two_areas
from tests.staging import Stage

STATEMENT = "/meetings/{}/statement"


def path(area_id: str, rest: str) -> str:
    return f"/in/{area_id}{rest}"


def token_in(page: str) -> str:
    return (
        page.partition('name="csrf_token" value="')[2].partition('"')[0]
        or (page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0])
    )


def test_one_list_has_what_waits_in_every_area_and_names_each(two: Two) -> None:
    carys = two.joins("carys")
    slot = two.slot(carys.actor.person_id)
    page = two.world.client("carys").get("/").get_data(as_text=True)
    assert "SM/2026/003" in page
    assert "Southmere" in page
    assert path(two.area_id, f"/meetings/{slot.id}") in page
    assert two.south.area.phone in page


def test_whoever_belongs_to_one_area_meets_no_other(two: Two) -> None:
    carys = two.joins("carys")
    two.slot(carys.actor.person_id)
    page = two.world.client("ruth").get("/").get_data(as_text=True)
    assert "Southmere" not in page
    assert "/in/" not in page


def test_a_link_of_a_letter_is_sent_on_to_its_area(two: Two) -> None:
    carys = two.joins("carys")
    slot = two.slot(carys.actor.person_id)
    answer = two.world.client("carys").get(f"/meetings/{slot.id}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == path(two.area_id, f"/meetings/{slot.id}")


def test_every_link_of_a_page_stays_in_its_area(two: Two) -> None:
    carys = two.joins("carys")
    slot = two.slot(carys.actor.person_id)
    page = two.world.client("carys").get(path(two.area_id, f"/meetings/{slot.id}"))
    assert page.status_code == 200
    assert path(two.area_id, f"/meetings/{slot.id}/statement") in page.get_data(as_text=True)


def test_accepting_the_statement_is_a_deed_of_the_things_area(two: Two) -> None:
    carys = two.joins("carys")
    slot = two.slot(carys.actor.person_id)
    client = two.world.client("carys")
    where = path(two.area_id, STATEMENT.format(slot.id))
    shown = client.get(where).get_data(as_text=True)
    north = len(two.lines(two.world.area.id))
    wording = statement.CURRENT.digest
    form = {"csrf_token": token_in(shown), "agree": "y", "wording": wording}
    answer = client.post(where, data=form)
    assert answer.status_code == 302
    told = two.lines(two.area_id)[-1]
    assert told["actor"] == carys.actor.person_id
    assert len(two.lines(two.world.area.id)) == north


def test_a_thing_of_one_area_is_not_there_under_the_other(stage: Stage) -> None:
    two = two_areas(stage.world)
    stage.arrange()
    stage.send()
    carys = two.joins("carys")
    slot = two.slot(carys.actor.person_id)
    client = stage.world.client("carys")
    grant = stage.grant("carys")
    assert client.get(f"/papers/{grant.id}").status_code in (200, 302)
    for wrong in (
        path(two.area_id, f"/papers/{grant.id}"),
        path(two.area_id, f"/meetings/{stage.slot_id}"),
        path(stage.world.area.id, f"/meetings/{slot.id}"),
    ):
        assert client.get(wrong).status_code == 404, wrong


def test_what_changes_something_is_never_sent_on(two: Two) -> None:
    carys = two.joins("carys")
    slot = two.slot(carys.actor.person_id)
    client = two.world.client("carys")
    where = STATEMENT.format(slot.id)
    shown = client.get(path(two.area_id, where)).get_data(as_text=True)
    lines = len(two.lines(two.area_id))
    wording = statement.CURRENT.digest
    form = {"csrf_token": token_in(shown), "agree": "y", "wording": wording}
    answer = client.post(where, data=form)
    assert answer.status_code == 404
    assert len(two.lines(two.area_id)) == lines


def test_an_area_that_one_does_not_belong_to_is_not_there(two: Two) -> None:
    two.joins("carys")
    client = two.world.client("ruth")
    for area_id in (two.area_id, "a" * 26):
        answer = client.get(path(area_id, "/agency/"))
        assert answer.status_code == 404
        assert "Southmere" not in answer.get_data(as_text=True)


def test_nobody_is_told_of_areas_before_they_sign_in(two: Two) -> None:
    client = two.world.client()
    there = client.get(path(two.area_id, "/agency/"))
    nowhere = client.get(path("a" * 26, "/agency/"))
    assert there.status_code == nowhere.status_code == 302
    assert there.headers["Location"].replace(two.area_id, "") == nowhere.headers[
        "Location"
    ].replace("a" * 26, "")


def test_a_coordinator_is_one_in_their_own_area_only(two: Two) -> None:
    two.joins("helen", frozenset({Role.ATTENDEE}))
    client = two.world.client("helen")
    assert client.get("/unit/people/").status_code == 200
    for there in ("/unit/", "/unit/people/", "/unit/cases/", "/record/", "/unit/people/invite"):
        answer = client.get(path(two.area_id, there))
        assert answer.status_code == 403, there
        assert "Olga" not in answer.get_data(as_text=True)


def test_an_attendee_at_home_who_coordinates_elsewhere_is_sent_there(two: Two) -> None:
    two.joins("carys", READER | {Role.COORDINATOR})
    client = two.world.client("carys")
    answer = client.get("/unit/people/")
    assert answer.headers["Location"] == path(two.area_id, "/unit/people/")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Olga Rand" in page
    assert "Helen" not in page
    assert path(two.area_id, "/unit/cases/") in page


def test_a_form_says_its_area_by_its_address_alone(two: Two) -> None:
    """A forged field changes nothing: the area is not read from what is sent."""
    two.joins("carys", READER | {Role.COORDINATOR})
    client = two.world.client("carys")
    where = path(two.area_id, "/unit/cases/new")
    shown = client.get(where).get_data(as_text=True)
    north = two.lines(two.world.area.id)
    client.post(
        where,
        data={
            "csrf_token": token_in(shown),
            "area_id": two.world.area.id,
            "area": two.world.area.id,
            "reference": "NM/2026/999",
        },
    )
    assert two.lines(two.world.area.id) == north


def test_a_row_that_points_at_anothers_account_gives_nothing(two: Two) -> None:
    """Whoever holds the database makes Olga's row Carys's: her key is not the one it registered."""
    carys = two.world.person("carys")
    with writing(two.world.house.engine) as db:
        db.execute(
            people.update()
            .where(people.c.id == two.olga.actor.person_id)
            .values(account_id=carys.account_id, at_home=False)
        )
        db.commit()
    client = two.world.client("carys")
    assert client.get(path(two.area_id, "/unit/people/")).status_code == 403
    assert "Southmere" not in client.get("/").get_data(as_text=True).partition("</main>")[0]


def test_a_session_that_was_moved_to_that_area_is_not_believed(two: Two) -> None:
    """The same, and Carys's own session is made one of Olga's area: she would act as Olga."""
    carys = two.world.person("carys")
    client = two.world.client("carys")
    assert client.get("/account/").status_code == 200
    with writing(two.world.house.engine) as db:
        db.execute(
            people.update()
            .where(people.c.id == two.olga.actor.person_id)
            .values(account_id=carys.account_id, at_home=False)
        )
        db.execute(
            sessions.sessions.update()
            .where(sessions.sessions.c.person_id == carys.account_id)
            .values(area_id=two.area_id)
        )
        db.commit()
    assert client.get("/unit/people/").status_code == 302
    assert client.get("/account/").status_code == 302


def test_an_area_that_is_not_ones_own_is_refused_in_the_record_of_ones_own(two: Two) -> None:
    carys = two.world.person("carys")
    client = two.world.client("carys")
    slot = two.slot()
    there = len(two.lines(two.area_id))
    assert client.get(path(two.area_id, f"/meetings/{slot.id}")).status_code == 404
    told = two.lines(carys.area_id)[-1]
    assert (told["deed"], told["why"]) == ("deed.refused", "not_there")
    assert len(two.lines(two.area_id)) == there


def test_a_key_that_ended_in_that_area_is_not_believed_when_its_row_comes_back(two: Two) -> None:
    carys = two.joins("carys").actor.person_id
    assert two.who("carys")
    with unjudged(two.world.house, system(two.area_id), Deed.PERSON_RENEWED) as deed:
        row = keys.public_key_of(deed.db, two.area_id, carys)
        assert row is not None
        deed.note(
            line(
                Deed.PERSON_RENEWED, person=carys, former=row.fingerprint, proofed_by=carys,
                copies_waiting=0, wraps_deleted=0,
            )
        )  # fmt: skip
    assert act_in(two.world.house, two.at_home("carys"), two.area_id) is None


def test_the_account_is_kept_at_home_whatever_the_address_says(two: Two) -> None:
    two.joins("carys")
    client = two.world.client("carys")
    page = client.get(path(two.area_id, "/account/")).get_data(as_text=True)
    assert "Northmere" in page


def test_accepting_at_the_door(two: Two) -> None:
    link = two.invites("carys")
    browser = two.world.client()
    started = browser.get(link.path).get_data(as_text=True)
    answer = browser.post(link.path, data={"csrf_token": token_in(started)})
    assert answer.headers["Location"] == f"{link.path}/accept"
    gate = browser.get(answer.headers["Location"])
    assert "/sign-in?next=" in gate.headers["Location"]
    client: FlaskClient = two.world.client("carys")
    page = client.get(f"{link.path}/accept").get_data(as_text=True)
    assert "Southmere Police" in page
    done = client.post(f"{link.path}/accept", data={"csrf_token": token_in(page)})
    assert done.headers["Location"] == "/"
    assert client.get(f"{link.path}/accept").status_code == 404


def test_anothers_link_tells_nothing_at_the_door(two: Two) -> None:
    link = two.invites("carys")
    answer = two.world.client("ruth").get(f"/join/{token_of(link)}/accept")
    assert answer.status_code == 404
    assert "Southmere" not in answer.get_data(as_text=True)


def test_sessions_are_the_accounts_and_stand_at_home(two: Two) -> None:
    two.joins("carys")
    carys = two.world.person("carys")
    with reading(two.world.house.engine) as db:
        found = sessions.of_person(db, carys.account_id)
    assert found
    assert {AreaId(each.area_id) for each in found} == {carys.area_id}
