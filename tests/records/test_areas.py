"""What belongs to one area is nothing to another: every load, count and change is tried."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from portal.chance import new_id
from portal.domain.grants import GrantState
from portal.domain.people import Account, Role
from portal.records import (
    areas,
    behind,
    board,
    candidates,
    cases,
    disclosures,
    keys,
    meetings,
    minutes,
    outbox,
    papers,
    people,
    pointed,
    sendings,
    texts,
)
from portal.records.database import reading, writing
from portal.records.schema import metadata
from tests.staging import Stage
from tests.staging_fixture import stage, staged
from tests.world import START
from tests.world_fixture import world_template

__all__ = ["stage", "staged", "world_template"]

MODULES = (
    areas, behind, board, candidates, cases, disclosures, keys, meetings, minutes, outbox, papers,
    people, pointed, sendings, texts,
)  # fmt: skip
ADDING = {"cases.save_names", "arrangements.arrange"}
"""They add rows to the area they are told, and are tried with it elsewhere."""

IDS_OF: dict[str, Table] = {
    "agency_id": people.agencies,
    "case_id": cases.cases,
    "day_id": meetings.meeting_days,
    "disclosure_id": disclosures.disclosures,
    "document_id": papers.documents,
    "grant_id": sendings.grants,
    "manifest_id": papers.manifests,
    "person_id": people.people,
    "reader_id": people.people,
    "request_id": papers.report_requests,
    "sending_id": sendings.sendings,
    "slot_id": meetings.slots,
    "version_id": papers.versions,
}
OTHERWISE: dict[str, list[Any]] = {
    "account": [Account.LEFT],
    "after": [START - timedelta(days=99)],
    "at": [START],
    "behind": [None],
    "by": ["somebody"],
    "days": [7],
    "fingerprint": ["ab" * 32],
    "kit": [b"a public key"],
    "most": [10],
    "roles": [frozenset({Role.ATTENDEE})],
    "now": [START + timedelta(days=999)],
    "since": [START - timedelta(days=99)],
    "states": list(GrantState),
    "status": ["declined"],
    "shared": [True],
    "vkey": ["a verifier key"],
    "year": [2026],
}


def confined() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in MODULES:
        short = module.__name__.rpartition(".")[2]
        for name, found in inspect.getmembers(module, inspect.isfunction):
            own = found.__module__ == module.__name__ and not name.startswith("_")
            if own and "area_id" in inspect.signature(found).parameters:
                yield f"{short}.{name}", found


CONFINED = dict(confined())


@pytest.fixture
def busy(stage: Stage) -> Stage:
    """Everything that happens around a meeting has happened once."""
    stage.arrange(kept_back={"joe": ["A"]})
    stage.send()
    stage.accept("carys", "ruth")
    stage.opens("carys")
    stage.minutes_ready()
    stage.send_minutes()
    return stage


def arguments(db: Connection, name: str, found: Callable[..., Any]) -> Iterator[list[Any]]:
    """Every combination of what is really there, for the parameters after the area."""
    drawn: list[list[Any]] = []
    for parameter in list(inspect.signature(found).parameters.values())[2:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        drawn.append(_real(db, name, parameter.name))
    return (list(each) for each in itertools.islice(itertools.product(*drawn), 400))


def _real(db: Connection, name: str, parameter: str) -> list[Any]:
    if parameter in IDS_OF:
        table = IDS_OF[parameter]
        return list(db.execute(select(table.c.id)).scalars())
    if parameter == "versions" or parameter == "version_ids":
        return [list(db.execute(select(papers.versions.c.id)).scalars())]
    if parameter == "sending_ids":
        return [list(db.execute(select(sendings.sendings.c.id)).scalars())]
    if parameter == "document_ids":
        return [list(db.execute(select(papers.documents.c.id)).scalars())]
    if parameter == "ids":
        every = [t.c.id for t in metadata.sorted_tables if "id" in t.c and t.name != "sessions"]
        return [{one for column in every for one in db.execute(select(column)).scalars()}]
    if parameter == "reference":
        return list(db.execute(select(cases.cases.c.reference)).scalars())
    if parameter == "email":
        return list(db.execute(select(people.people.c.email)).scalars())
    if parameter == "people":
        return [list(db.execute(select(people.people.c.id)).scalars())]
    if parameter == "subjects":
        return [list(db.execute(select(texts.sealed_texts.c.subject)).scalars())]
    if parameter == "subject":
        return list(db.execute(select(texts.sealed_texts.c.subject)).scalars())
    if parameter == "field":
        return list(db.execute(select(texts.sealed_texts.c.field).distinct()).scalars())
    if parameter == "candidate_id":
        return list(db.execute(select(candidates.candidates.c.id)).scalars())
    return OTHERWISE[parameter]


def is_nothing(told: object) -> bool:
    """Nothing found and nothing changed. What names its own argument back is not a finding."""
    if isinstance(told, pointed.Pointed):
        return not any(vars(told).values())
    if isinstance(told, dict):
        return not any(told.values())
    return not told


def snapshot(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(map(tuple, db.execute(select(table))), key=repr)
        for table in metadata.sorted_tables
    }


def test_the_functions_are_found() -> None:
    assert len(CONFINED) > 60


def test_nothing_is_found_and_nothing_changed_from_another_area(busy: Stage) -> None:
    elsewhere = new_id()
    with reading(busy.house.engine) as db:
        before = snapshot(db)
    for name, found in CONFINED.items():
        if name in ADDING:
            continue
        with writing(busy.house.engine) as db:
            for given in arguments(db, name, found):
                more = {"state": "refused"} if name == "disclosures.decide" else {}
                told = found(db, elsewhere, *given, **more)
                if name in ("pointed.of_case", "pointed.of_slot"):
                    told = told - set(given)
                assert is_nothing(told), f"{name}{given} found {told}"
            assert snapshot(db) == before, name


def test_from_the_area_itself_most_of_it_is_found(busy: Stage) -> None:
    """Or the test above would prove nothing."""
    silent = []
    for name, found in CONFINED.items():
        with writing(busy.house.engine) as db:
            if name in ADDING or name == "disclosures.decide":
                continue
            given = arguments(db, name, found)
            if all(is_nothing(found(db, busy.world.area.id, *each)) for each in given):
                silent.append(name)
    assert len(silent) < len(CONFINED) / 3, silent
