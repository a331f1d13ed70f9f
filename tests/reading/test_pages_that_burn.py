"""A paper that kills whatever draws it, and a house that is full: a clear page, and others go on.

Intake lets no such paper in. Here one is sealed and sent past it, as a binder with a fault would.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfCase
from portal.domain.grants import SendingKind
from portal.domain.ids import DocumentId, SendingId
from portal.domain.papers import Document, Kind
from portal.journeys.deed import doing, looking
from portal.journeys.giving.dispatch import dispatch
from portal.journeys.giving.sealing import prepare
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.opening.begin_reading import begin_reading
from portal.journeys.opening.read_page import draw_page
from portal.journeys.opening.reading_room import ReadingRoom, RoomFull
from portal.journeys.packs.layouts import Layout
from portal.journeys.packs.proposing import pack_proposal, setting
from portal.policy.actions import Action
from portal.records import readings
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.documents.making import plain, raw
from tests.documents.test_bombs import CATALOGUE, doubles
from tests.staging import Stage


def sent(stage: Stage, clear: bytes) -> tuple[FlaskClient, str]:
    """This very file as the pack, and Ruth's browser with the address of its pages."""
    house, helen = stage.house, stage.world.who("helen")
    stage.arrange()
    with looking(house, helen.actor) as look:
        at = setting(house, look.db, helen.actor.area_id, stage.slot_id)
        unit = unit_recipient(house, look.db, helen.actor.area_id)
        proposal = pack_proposal(look.db, at)
    readers = tuple(r for r in proposal.readers if r.person_id == stage.id("ruth"))
    document = Document(
        DocumentId(new_id()), at.area.id, at.case.id, stage.slot_id, Kind.PACK, "",
        helen.actor.agency_id, helen.actor.person_id, house.clock.now(),
    )  # fmt: skip
    prepared = prepare(
        house, helen, document, clear, pages=9, readers=[at.keys[r.person_id] for r in readers],
        unit=unit, opens_at=proposal.opens_at, closes_at=proposal.closes_at, policy="pack",
    )  # fmt: skip
    layout = Layout(readers[0].tabs, proposal.closes_at, readers, prepared)
    with doing(house, helen.actor, Action.DECIDE_PACK_SEND, stage.slot_id) as deed:
        deed.require(OfCase(deed.area_id, None))
        sending_id = SendingId(new_id())
        position = deed.note(
            line(
                Deed.PACK_SENT, sending=sending_id, slot=stage.slot_id, digest="",
                manifests=[prepared.manifest.sha256], granted=[stage.id("ruth")], waiting=[],
                opens_at=proposal.opens_at.isoformat(), closes_at=proposal.closes_at.isoformat(),
                reason="",
            )
        )  # fmt: skip
        dispatch(
            deed, at, [layout], proposal.items, sending_id=sending_id, kind=SendingKind.PACK,
            reference="NMR/26/0117-P1", digest="", position=position, opens_at=proposal.opens_at,
        )  # fmt: skip
    stage.accept("ruth")
    client, path = stage.world.client("ruth"), f"/papers/{stage.grant('ruth').id}/read"
    assert post(client, path).status_code == 302
    return client, path


def test_a_picture_that_cannot_be_drawn_says_so_in_its_place(stage: Stage) -> None:
    client, at = sent(stage, doubles())
    answer = client.get(f"{at}/1/image")
    assert (answer.status_code, answer.mimetype) == (422, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "This page cannot be shown." in answer.get_data(as_text=True)
    assert client.get(f"{at}/1/image").status_code == 422, "the portal itself lives"


@pytest.mark.parametrize("clear", [b"%PDF-1.7\n", raw(CATALOGUE)], ids=["cut off", "no pages"])
def test_a_page_that_cannot_be_read_says_so_and_leads_on(stage: Stage, clear: bytes) -> None:
    client, at = sent(stage, clear)
    for part in ("", "/text"):
        answer = client.get(f"{at}/2{part}")
        assert answer.status_code == 422
        words = words_of(answer)
        assert "This page cannot be shown" in words
        assert "Ask the unit for a readable copy." in words
        assert f'href="{at}/3"' in answer.get_data(as_text=True)
    assert post(client, f"{at}/2/find", {"words": "x"}).status_code == 422


def test_a_page_without_text_says_that_it_is_a_picture(stage: Stage) -> None:
    client, at = sent(stage, plain(b"0 0 1 rg 72 400 100 100 re f"))
    words = words_of(client.get(f"{at}/1/text"))
    assert "This page is a picture. Ask the unit for a readable copy." in words
    assert "Ruth Okell" in words


def test_only_so_many_pages_are_made_at_once(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    stage.accept("ruth")
    room = ReadingRoom(seats=1, wait_seconds=0.05)
    house = replace(stage.house, reading_room=room)
    who, grant = stage.world.who("ruth"), stage.grant("ruth")
    begin_reading(house, who, grant.id)
    with room.seat(), pytest.raises(RoomFull):
        draw_page(house, who, grant.id, 3)
    assert draw_page(house, who, grant.id, 3).width > 0


def test_pages_are_noted_before_they_are_shown_and_once_each(stage: Stage) -> None:
    client, at = sent(stage, plain())
    for _ in range(2):
        client.get(f"{at}/1")
        client.get(f"{at}/1/image")
        client.get(f"{at}/1/text")
        post(client, f"{at}/1/find", {"words": "plain"})
    with reading(stage.house.engine) as db:
        area = stage.world.area.id
        [begun] = readings.readings_of(db, area, stage.grant("ruth").id)
        noted = readings.pages_of(db, area, begun.id)
    assert [(page.sheet, page.shown.value) for page in noted] == [
        (1, "found"),
        (1, "page"),
        (1, "text"),
    ]
    assert begun.copy == stage.lines("paper.opened")[0]["copy"]
