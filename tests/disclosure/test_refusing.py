"""A refusal is weighed like an approval, and is a written reply."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from portal.crypto.age.errors import AgeError
from portal.domain.deeds import FIELDS, Deed
from portal.domain.disclosures import Disclosure, DisclosureState
from portal.domain.papers import UNIT_READER
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.digests import read_text
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.disclosure.read_own_disclosure import read_own_disclosure
from portal.journeys.opening.opened import NotGiven
from portal.records import papers, texts
from portal.records.database import reading
from tests.disclosure.scene import CANARY, REFUSAL, Scene, grants_now, letters, lines


@pytest.fixture
def refused(scene: Scene) -> Disclosure:
    """Carys asked for Joe; Tom, the deputy, refused."""
    return scene.decide(scene.ask().id, REFUSAL, by="tom")


def words(pdf: bytes) -> str:
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(found.split())


def test_nothing_is_given(scene: Scene, refused: Disclosure) -> None:
    assert refused.state is DisclosureState.REFUSED
    assert (refused.number, refused.days, refused.sending_id) == (None, None, None)
    assert grants_now(scene.world, "joe") == []
    assert lines(scene.world, Deed.DISCLOSURE_APPROVED) == []


def test_rule_73_the_line_stands(scene: Scene, refused: Disclosure) -> None:
    (told,) = lines(scene.world, Deed.DISCLOSURE_REFUSED)
    assert set(told) == FIELDS[Deed.DISCLOSURE_REFUSED] | {"v", "area", "actor", "at", "deed"}
    assert told["request"] == refused.id
    with reading(scene.world.house.engine) as db:
        assert refused.decision_version_id is not None
        version = papers.load_version(db, scene.world.area.id, refused.decision_version_id)
        assert version is not None
        (manifest,) = papers.manifests_of(db, scene.world.area.id, version.id)
        readers = papers.readers_of(db, scene.world.area.id, version.id)
    assert told["manifest"] == manifest.sha256
    assert readers == {UNIT_READER, scene.world.person("carys").id}


def test_only_the_asker_is_told(scene: Scene, refused: Disclosure) -> None:
    last = letters(scene.world)[-1]
    assert last.letter == "disclosure_decided"
    assert last.address == scene.world.person("carys").email
    assert scene.world.person("joe").email not in {
        letter.address for letter in letters(scene.world) if letter.letter == "paper_disclosed"
    }
    assert CANARY not in str(letters(scene.world)) + str(lines(scene.world, *Deed))


def test_the_reply_is_read_by_both_sides(scene: Scene, refused: Disclosure) -> None:
    world = scene.world
    for name, as_unit in (("carys", False), ("helen", True)):
        found = read_decision(world.house, world.who(name), refused.id, as_unit=as_unit)
        text = words(found.pdf_clear)
        assert CANARY in text
        assert "Good day." in text
        assert "Deputy MAPPA Co-ordinator" in text
        assert REFUSAL.weighing.necessity not in text
    own = read_own_disclosure(world.house, world.who("carys"), refused.id)
    assert own.reply == REFUSAL.reply
    assert own.closes_at is None


def test_the_reasons_are_the_units(scene: Scene, refused: Disclosure) -> None:
    world = scene.world
    found = read_disclosure(world.house, world.who("helen"), refused.id)
    assert found.weighed["proportionality"] == REFUSAL.weighing.proportionality
    with reading(world.house.engine) as db:
        kept = texts.of_subjects(db, world.area.id, [refused.id])
    sealed = {each.field: each.sealed for each in kept}
    for name in ("carys", "joe", "adeyemi"):
        with pytest.raises(AgeError):
            read_text(sealed["weighing"], world.who(name).identities())


def test_an_asker_who_left_reads_nothing_more(scene: Scene, refused: Disclosure) -> None:
    world = scene.world
    carys = world.who("carys")
    remove_person(world.house, world.who("helen"), world.person("carys").id)
    with pytest.raises(NotGiven):
        read_decision(world.house, carys, refused.id, as_unit=False)
