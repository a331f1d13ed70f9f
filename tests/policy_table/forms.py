"""For each address that takes a form: the objects it is tried on, and a form that is filled in
as somebody who may would fill it in. What refuses it is then the judge, never a missing field."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from portal.crypto.fingerprint import fingerprint
from portal.domain import statement
from portal.domain.meetings import Presence
from portal.journeys.disclosure.deciding import deciding
from portal.journeys.joining.invite_list import look_at_list
from portal.journeys.meetings.invite_panel import look_at_panel
from portal.journeys.own_account.own_factors import seed_of
from portal.journeys.packs.proposing_addendum import Choice
from portal.journeys.views.addendum import send_addendum_page
from portal.journeys.views.minutes import attendance_page, minutes_send_page
from portal.journeys.views.pack import send_page
from portal.journeys.views.unit_key import unit_key_page
from portal.records import generators, meetings, minutes
from portal.records.database import reading
from tests.documents.making import numbered
from tests.policy_table.scene import MARKUP, NEED, PURPOSE, Scene
from tests.staging import INVITED, REASON, Stage
from tests.world import CAST, code_at

Fields = Mapping[str, Any]
LONG = f"{MARKUP} Written with care, and long enough to say what it is that is meant."


LISTED = "Olive Trent,olive@northmere.example,Northmere Police,Officer,01632 960 555,attends"
"""A list of one, with nothing wrong in it."""

PERSONS = {"half-way": "helen", "recovering": "carys", "left": "joe"}


def name_of(who: str) -> str:
    """Whose secrets this person has; Helen's for those who have none here, and so guess well."""
    name = PERSONS.get(who, who)
    return name if name in CAST else "helen"


def code(scene: Scene, who: str) -> str:
    """The present code of this person's app."""
    world = scene.stage.world
    return code_at(world.secrets(name_of(who)).totp_secret, world.clock.now())


def _fingerprint(scene: Scene, who: str) -> str:
    own = scene.stage.world.secrets(name_of(who)).keyring
    return fingerprint(own.recipient(), own.signing_public())


def _kept(scene: Scene, name: str, found: Callable[[], str]) -> str:
    if name not in scene.digests:
        scene.digests[name] = found()
    return scene.digests[name]


def _helen(scene: Scene) -> Any:
    return scene.stage.world.who("helen")


def _send_pack(scene: Scene, who: str) -> Fields:
    at = scene.stage
    digest = _kept(scene, "pack", lambda: send_page(at.house, _helen(scene), at.slot_id).digest)
    return {"digest": digest, "reason": REASON, "code": code(scene, who)}


def _send_minutes(scene: Scene, who: str) -> Fields:
    at = scene.settled
    digest = _kept(
        scene, "minutes", lambda: minutes_send_page(at.house, _helen(scene), at.slot_id).digest
    )
    return {"digest": digest, "reason": REASON, "code": code(scene, who)}


def _lock(scene: Scene, _who: str) -> Fields:
    at = scene.stage
    found = lambda: attendance_page(at.house, _helen(scene), at.slot_id).digest  # noqa: E731
    return {"digest": _kept(scene, "register", found)}


def _approve_minutes(scene: Scene, who: str) -> Fields:
    return {"version": _version(scene.stage), "code": code(scene, who)}


def _version(at: Stage) -> str:
    with reading(at.house.engine) as db:
        found = minutes.load(db, at.world.area.id, at.slot_id)
    assert found is not None
    return found.version_id


def _decide(scene: Scene, who: str) -> dict[str, str]:
    at = scene.stage

    def found() -> str:
        with reading(at.house.engine) as db:
            return deciding(at.house, db, at.world.area.id, scene.disclosure).digest

    weighed = ("necessity", "proportionality", "risks_of_disclosing", "risks_of_withholding")
    return {
        "digest": _kept(scene, "disclosure", found),
        "code": code(scene, who),
        "chair": "not_asked",
        **{field: f"{LONG} {field}" for field in weighed},
    }


def _addendum(scene: Scene, who: str) -> Fields:
    choice = Choice(scene.stage.papers["update"], 1, frozenset({scene.stage.id("mark")}))
    at = scene.stage
    found = lambda: send_addendum_page(at.house, _helen(scene), at.slot_id, choice).digest  # noqa: E731
    return {"digest": _kept(scene, "addendum", found), "code": code(scene, who), "download": "y"}


def _arrange(scene: Scene, _who: str) -> Fields:
    papers = scene.stage.papers.values()
    return {
        "opens_on": ["4", "5", "2026"], "opens_at": "10:00",
        "closes_on": ["12", "6", "2026"], "closes_at": "17:00",
        **{f"in_{version}": "y" for version in papers},
        **{f"tab_{version}": str(place) for place, version in enumerate(papers, 1)},
        "gets": [f"{scene.ids[name]} {version}" for name in INVITED for version in papers],
    }  # fmt: skip


def _panel(scene: Scene, _who: str) -> Fields:
    at = scene.stage

    def found() -> str:
        with reading(at.house.engine) as db:
            slot = meetings.load_slot(db, at.world.area.id, at.slot_id)
        assert slot is not None
        day = slot.meeting_day_id
        return look_at_panel(at.house, _helen(scene), day, scene.panel).digest

    return {"panel": scene.panel, "digest": _kept(scene, "panel", found), "reason": LONG}


def _register(scene: Scene, _who: str) -> Fields:
    return {f"of_{scene.ids[name]}": Presence.ATTENDED.value for name in INVITED}


def _confirm(scene: Scene, _who: str) -> Fields:
    own = scene.stage.world.secrets("una").keyring
    return {"heard": fingerprint(own.recipient(), own.signing_public()), "rang": "y"}


def _passphrase(scene: Scene, who: str) -> Fields:
    return {
        "passphrase": scene.stage.world.secrets(name_of(who)).passphrase,
        "new_passphrase": "seven quiet herons over the estuary",
        "code": code(scene, who),
    }


def _first_code(scene: Scene, _who: str) -> Fields:
    world = scene.stage.world
    with reading(world.house.engine) as db:
        begun = generators.load(db, scene.ids["carys"], scene.factors["begun"])
    assert begun is not None
    return {"code": code_at(seed_of(world.house, begun), world.clock.now())}


def _agency(scene: Scene, name: str) -> str:
    return scene.stage.world.agency(name).id


def _pdf(_scene: Scene, _who: str) -> Fields:
    return {"file": (io.BytesIO(numbered(1, "Paper")), "paper.pdf")}


FORMS: Mapping[str, Callable[[Scene, str], Fields]] = {
    "account.code_post": lambda s, w: {"code": code(s, w)},
    "account.sign_in_post": lambda s, _: {
        "email": s.stage.world.secrets("mark").email,
        "passphrase": s.stage.world.secrets("mark").passphrase,
    },
    "account_factors.add_post": lambda s, w: {
        "kind": "code_app", "name": "Tablet", "code": code(s, w),
    },
    "account_factors.recovery_post": lambda s, w: {"code": code(s, w)},
    "account_factors.remove_post": lambda s, w: {"code": code(s, w)},
    "account_factors.set_up_post": _first_code,
    "account_keys.change": lambda s, w: {"digest": _fingerprint(s, w), "code": code(s, w)},
    "account_passkeys.add_post": lambda s, w: {"name": "Desk", "code": code(s, w)},
    "account_own.passphrase_post": _passphrase,
    "account_sign_on.tie": lambda s, w: {"code": code(s, w)},
    "account_sign_on.untie": lambda s, w: {"code": code(s, w)},
    "account_own.renew_post": lambda s, w: {"code": code(s, w)},
    "account_recover.start_post": lambda s, _: {
        "email": s.stage.world.secrets("mark").email,
        "recovery_code": s.stage.world.secrets("mark").recovery_code,
    },
    "account_recover.code_post": lambda s, w: {"code": code(s, w)},
    "agency_people.certify": lambda s, _: {f"of_{s.ids['newcomer']}": "here"},
    "agency_cards.card_post": lambda s, w: {"proofed": "issued_met", "code": code(s, w)},
    "agency_people.cover": lambda s, _: {"by": s.ids["grace"], "until": ["20", "5", "2026"]},
    "agency_people.try_again": lambda s, who: {"code": code(s, who)},
    "agency_people.invite": lambda _s, _w: {
        "name": "Olive Trent", "email": "olive@northmere.example", "job": "Nurse",
        "phone": "01632 960 555", "roles": ["attendee"],
    },
    "agency.answer": lambda _s, _w: {"answer": "nothing_known"},
    "agency.drop": lambda _s, _w: {"candidate": "x" * 26},
    "agency.check": lambda _s, _w: {"candidate": "x" * 26, "born": ["9", "3", "1984"]},
    "agency.upload": _pdf,
    "chair.approve": _approve_minutes,
    "disclosures.approve": lambda s, w: {
        **_decide(s, w), "least": "this_paper", "basis": "cda_115", "days": "14",
        "consulted": LONG, "health": LONG,
    },
    "disclosures.refuse": lambda s, w: {**_decide(s, w), "reply": LONG},
    "passing.ask": lambda s, _: {
        "paper": s.stage.papers["A"], "receiver": s.ids["grace"], "purpose": PURPOSE,
        "need": NEED,
    },
    "reading.find": lambda _s, _w: {"words": "form"},
    "sign_on.passphrase_post": lambda s, w: {
        "passphrase": s.stage.world.secrets(name_of(w)).passphrase,
    },
    "statement.accept": lambda _s, _w: {"wording": statement.CURRENT.digest, "agree": "y"},
    "traces.ask": lambda s, _: {"written": s.leaked, "reason": LONG},
    "traces.confirm": lambda s, w: {"code": code(s, w)},
    "unit_agencies.new": lambda _s, _w: {
        "name": "Northmere Schools", "standing": "dtc", "service": "education",
        "secure_way": "CJSM", "spoc": "Duty desk", "phone": "01632 960 444",
    },
    "unit_agencies.change": lambda _s, _w: {
        "secure_way": "CJSM", "spoc": "Duty desk", "deputy": "Night desk",
        "mailbox": "desk@police.example", "phone": "01632 960 444",
    },
    "unit_attendance.lock": _lock,
    "unit_cards.card_post": lambda s, w: {"proofed": "issued_met", "code": code(s, w)},
    "unit_key.key": lambda s, w: {
        "digest": unit_key_page(s.stage.house, _helen(s)).digest, "code": code(s, w),
    },
    "unit_proofing.proofing": lambda s, w: {"how": "met", "code": code(s, w)},
    "unit_proofing.approve": lambda s, w: {"code": code(s, w)},
    "unit_attendance.record": _register,
    "unit_cases.cases": lambda _s, _w: {"find": "crane"},
    "unit_cases.new": lambda s, _: {
        "reference": "NMR/26/0999", "lead_agency_id": _agency(s, "police"), "category": "2",
        "level": "2", "name": "Percy Vole", "born": ["9", "3", "1984"],
    },
    "unit_restricted.new": lambda s, _: {
        "reference": "NMR/26/0998", "lead_agency_id": _agency(s, "police"), "category": "2",
        "level": "2", "name": "Percy Vole", "born": ["9", "3", "1984"], "concern": "family",
        "holders": [s.stage.id("helen"), s.stage.id("tom")],
    },
    "unit_lists.new": lambda _s, _w: {"list": LISTED},
    "unit_lists.send": lambda s, _: {
        "list": LISTED,
        "digest": _kept(
            s, "list", lambda: look_at_list(s.stage.house, _helen(s), LISTED).digest
        ),
    },
    "unit_meetings.new": lambda s, _: {
        "on": ["2", "6", "2026"], "starts": "10:00", "mode": "remote",
        "cases-0-case_id": s.stage.case_id, "cases-0-kind": "review",
    },
    "unit_extracts.area": lambda _s, _w: {"left": "0", "top": "0", "right": "9", "bottom": "9"},
    "unit_extracts.check": lambda _s, _w: {"looked": "y"},
    "unit_extracts.keep_pages": lambda _s, _w: {"pages": "1"},
    "unit_extracts.lines": lambda _s, _w: {"lines": ["0"]},
    "unit_extracts.stay": lambda _s, _w: {"places": ['["form", "1"]']},
    "unit_extracts.unmark": lambda _s, _w: {"out": ["1"]},
    "unit_extracts.words": lambda _s, _w: {"words": "form"},
    "unit_minutes.duty": lambda _s, _w: {"reason": LONG, "until": ["12", "6", "2026"]},
    "unit_minutes.file": _pdf,
    "unit_minutes.drop": lambda _s, _w: {"candidate": "-"},
    "unit_minutes.file_checked": lambda _s, _w: {"candidate": "-"},
    "unit_minutes.send": _send_minutes,
    "unit_minutes_form.file": lambda _s, _w: {"digest": "-"},
    "unit_minutes_form.write": lambda _s, _w: {"digest": "", "risk": LONG},
    "unit_summaries.approve": lambda s, w: {"digest": "-", "code": code(s, w)},
    "unit_summaries.write": lambda _s, _w: {"digest": "", "risk": LONG},
    "unit_category_4.save": lambda _s, _w: {"handled": "yes"},
    "unit_unscanned.save": lambda _s, _w: {"taken": "no"},
    "chairs_view.save": lambda _s, _w: {"wanted": "yes"},
    "unit_holds.lift": lambda _s, _w: {"reason": LONG},
    "unit_holds.place": lambda _s, _w: {"reason": LONG},
    "unit_dormant.limit": lambda _s, _w: {"days": "200"},
    "unit_originals.limit": lambda _s, _w: {"days": "90"},
    "unit_originals.of_minutes": lambda _s, _w: {"reason": LONG},
    "unit_originals.original": lambda _s, _w: {"reason": LONG},
    "unit_addenda.choose": lambda s, _w: {"after": "1", "to": [s.ids["mark"]]},
    "unit_addenda.send": _addendum,
    "unit_packs.keep": _arrange,
    "unit_packs.send": _send_pack,
    "unit_people.confirm": _confirm,
    "unit_people.try_again": lambda s, who: {"code": code(s, who)},
    "unit_people.invite": lambda s, _: {
        "name": "Olive Trent", "email": "olive@northmere.example", "job": "Officer",
        "phone": "01632 960 555", "agency_id": _agency(s, "police"), "roles": ["attendee"],
    },
    "unit_panels.new": lambda s, _: {
        "name": "Another panel", f"of_{s.ids['grace']}": "specialist",
    },
    "unit_panels.change": lambda s, _: {
        "name": "Renamed", f"of_{s.ids['grace']}": "manager",
    },
    "unit_panels.invite": _panel,
    "unit_roles.change": lambda s, w: {
        "before": "attendee", "roles": ["attendee", "contact"], "because": "duties",
        "code": code(s, w),
    },
    "unit_roles.deputy": lambda s, w: {
        "from_at": ["5", "5", "2026"], "until": ["20", "5", "2026"], "because": "away",
        "code": code(s, w),
    },
    "unit_sendings.more_time": lambda _s, _w: {
        "until_on": ["20", "6", "2026"], "until": "17:00", "reason": LONG,
    },
    "account_words.words_post": lambda _s, _w: {"joining_words": "abacus " * 7},
    "unit_words.words": lambda _s, _w: {"known": "y", "instead_of": ""},
    "unit_sign_on.let_in": lambda s, w: {"code": code(s, w)},
    "unit_sign_on.settings": lambda s, w: {
        "issuer": "http://127.0.0.1:9", "client_id": "another", "client_secret": "",
        "proof": "amr", "accepted": "mfa", "longest": "60", "code": code(s, w),
    },
    "unit_slots.ask": lambda s, _: {
        "agency_id": _agency(s, "health"), "form_code": "update", "due_on": ["20", "5", "2026"],
    },
    "unit_slots.invite": lambda s, _: {
        "person": s.ids["grace"], "capacity": "specialist", "reason": LONG,
    },
}  # fmt: skip
"""Endpoint -> the fields of a form that is right. One without a row takes an empty form."""
