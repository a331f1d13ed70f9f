"""One opening proves a manifest once, and anew where its row is another by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event

from portal.domain.ids import ManifestId
from portal.domain.papers import ManifestRow
from portal.journeys.deed import looking, tending
from portal.journeys.opening.held import Held, held
from portal.journeys.opening.marked_copy import (
    ACTION,
    Proven,
    clear_copy,
    require_download,
)
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.opened import Spoilt
from portal.records import papers
from tests.staging import Stage


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth")
    return stage


def proven(stage: Stage) -> tuple[Held, Proven]:
    who, grant = stage.world.who("ruth"), stage.grant("ruth")
    with looking(stage.house, who.actor, grant.id) as look:
        at = held(look.db, grant.area_id, grant.id, ACTION)
        return at, require_download(stage.house, look.db, at)


def clear(stage: Stage, at: Held, known: Proven | None) -> bytes:
    who = stage.world.who("ruth")
    with looking(stage.house, who.actor, at.grant.id) as look:
        return clear_copy(stage.house, look, who, at, known)


def asked_while(stage: Stage, work: Callable[[], object]) -> int:
    """How many questions `work` asks the database."""
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(stage.house.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(stage.house.engine, "before_cursor_execute", note)
    return len(asked)


def test_what_was_proven_opens_the_same_paper_with_fewer_questions(sent: Stage) -> None:
    at, known = proven(sent)
    assert clear(sent, at, known) == clear(sent, at, None)
    anew = asked_while(sent, lambda: clear(sent, at, None))
    assert asked_while(sent, lambda: clear(sent, at, known)) < anew - 5


def test_an_opening_asks_no_more_than_it_must(sent: Stage) -> None:
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    assert asked_while(sent, lambda: open_paper(sent.house, who, grant.id)) <= 110


@pytest.mark.parametrize(
    "changed",
    [
        lambda row: {"ledger_position": row.ledger_position + 1},
        lambda row: {"signature": bytes(len(row.signature))},
        lambda row: {"body": row.body + b" "},
        lambda row: {"sha256": row.sha256[::-1]},
    ],
)
def test_a_row_that_changed_since_is_proven_anew_and_opens_nothing(
    sent: Stage, changed: Callable[[ManifestRow], dict[str, object]]
) -> None:
    at, known = proven(sent)
    with tending(sent.house) as db:
        db.execute(papers.manifests.update().values(**changed(known.row)))
    with pytest.raises(Spoilt):
        clear(sent, at, known)


def test_what_was_proven_of_another_paper_is_no_proof_of_this_one(sent: Stage) -> None:
    at, known = proven(sent)
    other = Proven(replace(known.row, id=ManifestId("a" * 26)), known.manifest)
    asked = asked_while(sent, lambda: clear(sent, at, other))
    assert asked == asked_while(sent, lambda: clear(sent, at, None))
