"""Makes extracts for tests, through the journeys."""

from __future__ import annotations

from portal.domain.ids import VersionId
from portal.journeys.deed import looking
from portal.journeys.extracts.check_extract import check_extract
from portal.journeys.extracts.make_extract import make_extract
from portal.journeys.extracts.mark_extract import begin_extract, choose_pages, mark_words
from portal.journeys.opening.held import held
from portal.journeys.opening.marked_copy import ACTION, clear_copy
from portal.records import minutes
from portal.records.database import reading
from tests.staging import Stage


def cut(
    stage: Stage, paper: str, pages: str = "1", words: str = "", *, checked: bool = True
) -> VersionId:
    """An extract of a form (or of a version) with these pages and without these words."""
    helen = stage.world.who("helen")
    version_id = stage.papers.get(paper, VersionId(paper))
    begin_extract(stage.house, helen, version_id)
    choose_pages(stage.house, helen, version_id, pages)
    if words:
        mark_words(stage.house, helen, version_id, words)
    found = make_extract(stage.house, helen, version_id)
    assert found.version_id is not None, found.tested
    if checked:
        check_extract(stage.house, helen, found.version_id)
    return found.version_id


def minutes_of(stage: Stage) -> VersionId:
    """The minutes as filed."""
    with reading(stage.house.engine) as db:
        filed = minutes.load(db, stage.world.area.id, stage.slot_id)
    assert filed is not None
    return filed.version_id


def unmarked(stage: Stage, name: str, sending_id: str | None = None) -> bytes:
    """What this reader's own key opens of a sending (the newest), before the mark is put on."""
    who, grant = stage.world.who(name), stage.grant(name, sending_id)
    with looking(stage.house, who.actor, grant.id) as look:
        at = held(look.db, stage.world.area.id, grant.id, ACTION)
        return clear_copy(stage.house, look, who, at)
