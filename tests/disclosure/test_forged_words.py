"""Anybody can seal a text to the unit: words slipped into the database count for nothing."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from portal.crypto.sealing import open_text, seal_text
from portal.domain.disclosures import Disclosure
from portal.journeys.deed import tending
from portal.journeys.disclosure.deciding import REPLY, REQUEST, WEIGHING
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.disclosure.read_own_disclosure import read_own_disclosure
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.opening.opened import Spoilt
from portal.records import disclosures, texts
from portal.records.database import reading
from tests.disclosure.scene import APPROVAL, REFUSAL, Scene

FORGED = {
    REQUEST: {"purpose": "Something that was never asked.", "need": "Today."},
    WEIGHING: {"necessity": "None."},
    REPLY: {"reply": "Yes, pass it on to whom you like."},
}


def forge(scene: Scene, asked: Disclosure, field: str, salt: str = "00" * 16) -> None:
    """Another text in place of the sealed one, sealed to the same people."""
    world = scene.world
    with tending(world.house) as db:
        unit = unit_recipient(world.house, db, world.area.id).recipient
        clear = json.dumps({"text": json.dumps(FORGED[field]), "salt": salt}).encode()
        sealed = seal_text(clear, [unit, world.secrets("carys").keyring.recipient()])
        db.execute(
            update(texts.sealed_texts)
            .where(texts.sealed_texts.c.subject == asked.id)
            .where(texts.sealed_texts.c.field == field)
            .values(sealed=sealed)
        )


def test_a_forged_request_is_shown_to_nobody_and_authorises_nothing(
    scene: Scene, asked: Disclosure
) -> None:
    forge(scene, asked, REQUEST)
    with pytest.raises(Spoilt):
        read_disclosure(scene.world.house, scene.world.who("helen"), asked.id)
    with pytest.raises(Spoilt):
        read_own_disclosure(scene.world.house, scene.world.who("carys"), asked.id)
    with pytest.raises(Spoilt):
        scene.decide(asked.id, APPROVAL)


@pytest.mark.parametrize("field", [WEIGHING, REPLY])
def test_forged_reasons_and_replies_are_shown_to_nobody(
    scene: Scene, asked: Disclosure, field: str
) -> None:
    scene.decide(asked.id, REFUSAL)
    forge(scene, asked, field)
    with pytest.raises(Spoilt):
        read_disclosure(scene.world.house, scene.world.who("helen"), asked.id)
    if field == REPLY:
        with pytest.raises(Spoilt):
            read_own_disclosure(scene.world.house, scene.world.who("carys"), asked.id)


def test_the_words_of_one_request_are_not_those_of_another(scene: Scene, asked: Disclosure) -> None:
    other = scene.ask(receiver="una")
    world = scene.world
    with tending(world.house) as db:
        moved = texts.load(db, world.area.id, other.id, REQUEST)
        db.execute(
            update(texts.sealed_texts)
            .where(texts.sealed_texts.c.subject == asked.id)
            .values(sealed=moved)
        )
    with pytest.raises(Spoilt):
        read_disclosure(world.house, world.who("helen"), asked.id)


@pytest.mark.parametrize("column", ["receiver_id", "version_id", "asked_by"])
def test_a_row_that_asks_for_something_else_is_not_decided(
    scene: Scene, asked: Disclosure, column: str
) -> None:
    world = scene.world
    value = {
        "receiver_id": world.person("una").id,
        "version_id": scene.health_report,
        "asked_by": world.person("mark").id,
    }[column]
    with tending(world.house) as db:
        db.execute(
            update(disclosures.disclosures)
            .where(disclosures.disclosures.c.id == asked.id)
            .values(**{column: value})
        )
    with pytest.raises(Spoilt):
        read_disclosure(world.house, world.who("helen"), asked.id)
    with pytest.raises(Spoilt):
        scene.decide(asked.id, APPROVAL)


def test_what_was_really_written_is_still_read(scene: Scene, asked: Disclosure) -> None:
    decided = scene.decide(asked.id, REFUSAL)
    found = read_disclosure(scene.world.house, scene.world.who("helen"), decided.id)
    assert found.reply == REFUSAL.reply
    assert found.weighed["necessity"] == REFUSAL.weighing.necessity
    own = read_own_disclosure(scene.world.house, scene.world.who("carys"), decided.id)
    assert own.reply == REFUSAL.reply
    with reading(scene.world.house.engine) as db:
        sealed = texts.load(db, scene.world.area.id, decided.id, REPLY)
    assert sealed is not None
    assert open_text(sealed, scene.world.secrets("carys").keyring.identities())
