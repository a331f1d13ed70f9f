"""Every deed has a sentence and a name; every sentence can be filled from its deed's fields."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.domain.deeds import FIELDS, Deed
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.verdict import Why
from portal.records.pointed import Pointed
from portal.web.audit import closed_lists
from portal.web.audit.deed_names import NAMES
from portal.web.audit.letters import NAMES as LETTERS
from portal.web.audit.sentences import SENTENCES
from portal.web.audit.words import Words, sentence_of
from tests.world import World

NOTHING = Pointed({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})
LISTS = {"versions", "payloads", "manifests", "granted", "waiting", "persons", "opened_by",
         "register", "papers", "given", "annexes", "roles", "was", "seats", "cases", "changed",
         "copies", "positions", "holders", "findings"}  # fmt: skip
NUMBERS = {"kit_needed", "kit_held", "wraps_deleted", "left", "from_position", "category", "level",
           "size", "lines", "files", "replayed", "missing", "pages", "sheet", "position", "days",
           "seen", "marks", "key_version", "copies_waiting", "members", "done"}  # fmt: skip
TIMES = {"used_at", "ended_at", "opens_at", "closes_at", "until", "wall", "since", "from_at"}
PLAIN = {"due_on": "2026-05-20", "late": True, "factor": "code_app", "by": "owner", "form": "F",
         "server_key": "field", "change": "added", "check": "rang", "because": "away",
         "section": "risk", "rule": "rule 78", "wanted": True, "taken": True, "handled": True,
         "now": "open",
         "capacity": "chair", "code": "hostile", "concern": "family",
         "answer": "declined", "state": "granted",
         "wording_version": "2", "number": "NM/D/2026/003", "copy": "7K3M-Q9XD-2FVA",
         "action": "decide:pack:send", "why": "not_your_role"}  # fmt: skip
ERASED = "abcdefghijklmnopqrstuvwxyz"
DIGESTS = {"reason", "reasons", "purpose", "digest", "payload", "manifest", "fingerprint",
           "statement", "signature", "wording", "reply", "authority", "found", "expected",
           "sha256", "references", "file",
           "unit_fingerprint", "names", "removed", "source_payload", "callback",
           "reached", "root", "backup", "kit",
           "former", "name"}  # fmt: skip


@pytest.fixture
def app(world: World) -> Flask:
    return world.app


def fields_of(deed: Deed) -> dict[str, Any]:
    """A line of this deed whose identifiers point to nothing any more."""
    made: dict[str, Any] = {"actor": ERASED, "area": "x", "at": "", "deed": deed.value}
    for name in FIELDS[deed]:
        if name in LISTS:
            made[name] = []
        elif name in NUMBERS:
            made[name] = 3
        elif name in TIMES:
            made[name] = "2026-05-28T09:00:00+00:00"
        else:
            made[name] = PLAIN.get(name, ERASED)
    return made


def said(app: Flask, deed: Deed, fields: dict[str, Any]) -> str:
    with app.test_request_context():
        return sentence_of(deed, fields, NOTHING)


def test_every_deed_has_a_sentence_and_a_name() -> None:
    assert set(SENTENCES) == set(Deed)
    assert set(NAMES) == set(Deed)


def test_every_letter_has_a_name() -> None:
    assert set(LETTERS) == set(Kind)


@pytest.mark.parametrize("deed", Deed)
def test_every_sentence_can_be_filled_when_all_it_points_to_is_erased(
    app: Flask, deed: Deed
) -> None:
    sentence = said(app, deed, fields_of(deed))
    assert ERASED not in sentence
    assert re.fullmatch(r"[A-Z(][^%_]*\.", sentence), sentence


@pytest.mark.parametrize("deed", Deed)
def test_no_sentence_shows_a_digest(app: Flask, deed: Deed) -> None:
    """Reasons and texts stand in the record as digests: a sentence never says one."""
    digest = "c0ffee" * 10
    fields = fields_of(deed) | dict.fromkeys(FIELDS[deed] & DIGESTS, digest)
    assert digest not in said(app, deed, fields)


def test_a_filler_that_nothing_is_known_about_is_an_error(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(KeyError):
        Words(fields_of(Deed.PERSON_JOINED), NOTHING)["individual"]


@pytest.mark.parametrize("why", Why)
def test_every_refusal_has_words(app: Flask, why: Why) -> None:
    with app.test_request_context():
        assert closed_lists.word("why", why.value) != why.value.replace("_", " ")


def test_a_new_action_is_said_as_it_is_called(app: Flask) -> None:
    with app.test_request_context():
        assert closed_lists.word("action", "unit:case:open") == "unit case open"
        assert closed_lists.word("action", Action.DECIDE_PACK_SEND.value) == "sending a pack"


@pytest.mark.parametrize(
    ("actor", "told"),
    [("ruth", "{ruth} signed out."), ("helen", "{helen} signed {ruth} out."),
     ("system", "{ruth} was signed out.")],
)  # fmt: skip
def test_who_signed_somebody_out_is_told(world: World, actor: str, told: str) -> None:
    people = {world.person(name).id: world.person(name) for name in ("ruth", "helen")}
    to = Pointed(people, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})
    by = actor if actor == "system" else world.person(actor).id
    fields = {"actor": by, "person": world.person("ruth").id}
    with world.app.test_request_context():
        names = {name: world.person(name).name for name in ("ruth", "helen")}
        assert sentence_of(Deed.SESSION_CLOSED, fields, to) == told.format(**names)
