"""An extract is given instead of a paper where that is the least that serves (rules 37, 69)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from portal.domain import statement
from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, DisclosureState, Least
from portal.domain.ids import VersionId
from portal.domain.weighing import NotWeighed
from portal.journeys.changed import Changed
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.extracts.check_extract import check_extract
from portal.journeys.extracts.make_extract import make_extract
from portal.journeys.extracts.mark_extract import begin_extract, mark_area
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.opening.open_paper import open_paper
from tests.disclosure.decisions import nothing_happened
from tests.disclosure.scene import APPROVAL, Scene, lines
from tests.documents.making import texts as pages_of
from tests.web.browsing import text_of
from tests.web.sending_pages import get, post


def cut(scene: Scene, version_id: VersionId, *, checked: bool = True) -> VersionId:
    """An extract without the first words of its first page."""
    house, helen = scene.world.house, scene.world.who("helen")
    begin_extract(house, helen, version_id)
    mark_area(house, helen, version_id, 1, (0, 0, 100, 50))
    found = make_extract(house, helen, version_id)
    assert found.version_id is not None, found.tested
    if checked:
        check_extract(house, helen, found.version_id)
    return found.version_id


def test_the_extract_is_given_and_the_paper_is_not(scene: Scene, asked: Disclosure) -> None:
    house, helen = scene.world.house, scene.world.who("helen")
    extract = cut(scene, asked.version_id)
    decided = scene.decide(asked.id, replace(APPROVAL, least=Least.EXTRACT, extract=extract))
    assert (decided.state, decided.least) == (DisclosureState.APPROVED, Least.EXTRACT)
    joe = scene.world.who("joe")
    accept_statement(house, joe, scene.slot_id, statement.CURRENT.digest)
    copy = b"".join(open_paper(house, joe, scene.grant_of("joe").id).chunks())
    said = " ".join(" ".join(pages_of(copy)).split())
    assert "[removed]" in said
    assert "Extract of a paper" in said
    told = read_decision(house, helen, asked.id, as_unit=True).pdf_clear
    assert "Extract of " in " ".join(" ".join(pages_of(told)).split())
    (line,) = lines(scene.world, Deed.DISCLOSURE_APPROVED)
    assert line["version"] == extract


def test_an_extract_of_an_extract_may_be_given_too(scene: Scene, asked: Disclosure) -> None:
    twice = cut(scene, cut(scene, asked.version_id, checked=False))
    decided = scene.decide(asked.id, replace(APPROVAL, least=Least.EXTRACT, extract=twice))
    assert decided.state is DisclosureState.APPROVED


def test_one_that_nobody_looked_through_is_not_given(scene: Scene, asked: Disclosure) -> None:
    extract = cut(scene, asked.version_id, checked=False)
    with pytest.raises(NotWeighed) as refused:
        scene.decide(asked.id, replace(APPROVAL, least=Least.EXTRACT, extract=extract))
    assert refused.value.field == "least"
    nothing_happened(scene, asked)


def test_a_row_that_says_so_does_not_make_it_so(scene: Scene, asked: Disclosure) -> None:
    extract = cut(scene, asked.version_id, checked=False)
    with scene.world.house.engine.begin() as db:
        db.execute(text("UPDATE extracts SET checked_by = made_by, checked_at = made_at"))
    with pytest.raises(Changed):
        scene.decide(asked.id, replace(APPROVAL, least=Least.EXTRACT, extract=extract))


@pytest.mark.parametrize("chosen", [None, VersionId("a" * 26)])
def test_none_is_given_that_is_not_there(
    scene: Scene, asked: Disclosure, chosen: VersionId | None
) -> None:
    with pytest.raises(NotWeighed):
        scene.decide(asked.id, replace(APPROVAL, least=Least.EXTRACT, extract=chosen))


def test_the_extract_of_another_paper_is_not_given(scene: Scene, asked: Disclosure) -> None:
    with scene.world.house.engine.connect() as db:
        other = db.execute(
            text("SELECT v.id FROM versions v JOIN documents d ON d.id = v.document_id "
                 "WHERE d.kind = 'report' AND v.id != :v"),
            {"v": asked.version_id},
        ).scalars().first()  # fmt: skip
    if other is None:
        return
    extract = cut(scene, VersionId(other))
    with pytest.raises(NotWeighed):
        scene.decide(asked.id, replace(APPROVAL, least=Least.EXTRACT, extract=extract))


def test_the_whole_paper_is_what_it_says_even_if_an_extract_is_named(
    scene: Scene, asked: Disclosure
) -> None:
    extract = cut(scene, asked.version_id)
    scene.decide(asked.id, replace(APPROVAL, extract=extract))
    (line,) = lines(scene.world, Deed.DISCLOSURE_APPROVED)
    assert line["version"] == asked.version_id


def test_the_page_offers_what_was_looked_through(scene: Scene, asked: Disclosure) -> None:
    helen = scene.world.client("helen")
    path = f"/unit/disclosures/{asked.id}/approve"
    assert "Which extract?" not in text_of(helen.get(path))
    extract = cut(scene, asked.version_id)
    assert extract in get(helen, path)
    found = read_disclosure(scene.world.house, scene.world.who("helen"), asked.id)
    assert [each.version_id for each in found.extracts] == [extract]
    answer = post(helen, path, least="extract", digest=found.digest, code="000000")
    assert "There is a problem" in text_of(answer)
