"""What a decision about a request is made on, read once for the page and again under the lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.documents.typeset import Template, count_pages, typeset
from portal.domain.deeds import Deed
from portal.domain.disclosures import (
    CHAIRS_VIEW_WORDS,
    NO_RECEIVER_WORDS,
    ChairsView,
    no_receiver,
)
from portal.domain.extracts import Extract
from portal.domain.ids import AreaId, DisclosureId, DocumentId, VersionId
from portal.domain.papers import Document, Kind, Version
from portal.domain.people import DECIDERS, Account, Role
from portal.domain.weighing import Approval, Refusal
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.digests import read_text
from portal.journeys.disclosure.requested import Requested, requested
from portal.journeys.extracts.proven_extract import checked_extracts_of
from portal.journeys.giving.sealing import Prepared, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.meetings.want_chairs_view import chairs_view_wanted
from portal.journeys.minutes.writing_summary import approved_summary
from portal.journeys.opening.opened import Spoilt
from portal.journeys.packs.proposing import Setting, setting
from portal.journeys.roles.acting import roles_now
from portal.notices.kinds import Kind as Notice
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, texts

ACTION = Action.DECIDE_DISCLOSURE_DECIDE
REQUEST, WEIGHING, REPLY = "request", "weighing", "reply"
"""Under these names the sealed texts of a request stand."""
_TOLD = {
    REQUEST: [(Deed.DISCLOSURE_ASKED, "purpose")],
    WEIGHING: [(Deed.DISCLOSURE_APPROVED, "reasons"), (Deed.DISCLOSURE_REFUSED, "reasons")],
    REPLY: [(Deed.DISCLOSURE_REFUSED, "reply")],
}
"""In which lines, under which name, the digest of each stands."""


@dataclass(frozen=True)
class Deciding:
    """A request with the keys it would be decided by; `digest` stands for all of it.

    `summary` is the newest approved executive summary of the meeting, where there is one;
    `extracts` are those of the paper that a coordinator has looked through.
    """

    wish: Requested
    at: Setting
    asker_key: ConfirmedKey | None
    receiver_key: ConfirmedKey | None
    summary: tuple[Document, Version] | None
    extracts: Mapping[VersionId, tuple[Extract, Version, Document]]
    digest: str
    chair_wanted: bool = False


def deciding(house: House, db: Connection, area_id: AreaId, request_id: DisclosureId) -> Deciding:
    """Raises Refused (not there) for another area's request, KeyAlarm for a key that changed, and
    Spoilt where the row is not what the ledger says was asked: another paper, or for another."""
    wish = requested(db, area_id, request_id, ACTION)
    asked = proven_line_of(
        house,
        db,
        area_id,
        Deed.DISCLOSURE_ASKED,
        request=request_id,
        version=wish.version.id,
        receiver=wish.receiver.id,
        actor=wish.asker.id,
    )
    if asked is None:
        raise Spoilt("request")
    at = setting(house, db, area_id, wish.slot.id)
    living = wish.asker.account is Account.ENROLLED
    asker_key = at.keys.get(wish.asker.id) if living else None
    receiver_key = at.keys.get(wish.receiver.id)
    digest = wish.digest(
        None if receiver_key is None else receiver_key.fingerprint,
        None if asker_key is None else asker_key.fingerprint,
    )
    summary = approved_summary(house, db, area_id, wish.slot.id)
    chair_wanted = chairs_view_wanted(house, db, area_id)
    told = json.dumps([digest, None if summary is None else summary[1].id, chair_wanted])
    return Deciding(
        wish,
        at,
        asker_key,
        receiver_key,
        summary,
        checked_extracts_of(house, db, area_id, wish.version, wish.document),
        hashlib.sha256(told.encode()).hexdigest(),
        chair_wanted,
    )


def check(decision: Approval | Refusal, on: Deciding) -> None:
    """Raise NotWeighed where something is missing, Changed where this can't be given any more."""
    decision.weighing.check(chair_wanted=on.chair_wanted)
    if isinstance(decision, Refusal):
        decision.check()
        return
    why = no_receiver(on.wish.receiver, on.wish.disclosure.asked_agency_id)
    if why is not None:
        raise Changed(f"{NO_RECEIVER_WORDS[why]} This request can only be refused.")
    gives_summary = decision.gives_summary and on.summary is not None
    if not on.wish.newest and not gives_summary:
        raise Changed(
            "This paper has been replaced since it was asked for. This request can only be refused."
        )
    # The summary is the unit's own: nobody else owns it, and no patient is told of in it.
    decision.check(
        others_paper=on.wish.others_paper and not gives_summary,
        health_paper=on.wish.health_paper and not gives_summary,
        summary=on.summary is not None,
        extracts=on.extracts.keys(),
    )


def under_lock(deed: Doing, request_id: DisclosureId, digest: str) -> Deciding:
    """Judge again and compare, in the deed. Raises Refused, or Changed when anything differs."""
    wish = requested(deed.db, deed.area_id, request_id, ACTION)
    deed.require(wish.facts)
    # What was bound and sealed took a while: whoever decides must still be one who may.
    person = people.load(deed.db, deed.area_id, deed.actor.person_id)
    if person is None or person.account is not Account.ENROLLED:
        raise Refused(ACTION, Why.ACCOUNT_CLOSED)
    if not roles_now(deed.house, deed.db, person, deed.now) & DECIDERS:
        raise Refused(ACTION, Why.NOT_YOUR_ROLE)
    on = deciding(deed.house, deed.db, deed.area_id, request_id)
    if on.digest != digest:
        raise Changed
    return on


def seal_decision(
    house: House,
    who: Who,
    on: Deciding,
    unit: UnitRecipient,
    template: Template,
    data: Mapping[str, object],
) -> Prepared:
    """Typeset the decision and seal it to the unit and to whoever asked, if they are still here."""
    document = Document(
        id=DocumentId(new_id()),
        area_id=on.at.area.id,
        case_id=on.at.case.id,
        slot_id=on.at.slot.id,
        kind=Kind.AUTHORITY if template == "authority" else Kind.REFUSAL,
        form_code="",
        owner_agency_id=who.actor.agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    return prepare(
        house,
        who,
        document,
        typeset(template, data),
        pages=count_pages(template, data),
        readers=[] if on.asker_key is None else [on.asker_key],
        unit=unit,
        policy=template,
    )


def chairs_view(approval: Approval) -> list[list[str]]:
    """What the chair said, as it stands in an authority; nothing where the chair was not asked. A
    refusal's reply goes to whoever asked, and says none of the reasons that were weighed."""
    at = approval.weighing
    if at.chair is ChairsView.NOT_ASKED:
        return []
    return [["The chair's view", f"{CHAIRS_VIEW_WORDS[at.chair]}. {at.chair_said}"]]


def encode(decision: Approval | Refusal) -> str:
    """Everything that was written, as it is sealed to the unit."""
    written = asdict(decision.weighing)
    if isinstance(decision, Approval):
        written |= {"consulted": decision.consulted, "health": decision.health}
    return json.dumps(written)


def read_written(
    house: House,
    db: Connection,
    area_id: AreaId,
    request_id: DisclosureId,
    field: str,
    identities: Sequence[Identity],
) -> dict[str, str]:
    """The texts sealed under one name; empty where there is none.

    Whoever holds the database can seal another text to the same people: it counts only when its
    digest stands in the ledger's line about this request. Raises Spoilt.
    """
    sealed = texts.load(db, area_id, request_id, field)
    if sealed is None:
        return {}
    try:
        found = read_text(sealed, identities)
        written = json.loads(found.text)
    except (AgeError, ValueError, KeyError, TypeError):
        raise Spoilt("text") from None
    told = (
        proven_line_of(house, db, area_id, deed, request=request_id, **{name: found.digest})
        for deed, name in _TOLD[field]
    )
    if not any(told) or not isinstance(written, dict):
        raise Spoilt("text")
    return {str(name): str(text) for name, text in written.items()}


def signed_by(who: Who, on: Deciding, day: str) -> list[str]:
    """Who decided, as it stands under a decision (rule 60)."""
    title = on.at.area.title
    acting = title if Role.COORDINATOR in who.actor.roles else f"Deputy {title}"
    return [who.actor.name, f"{acting}, {on.at.area.name}", day]


def tell_asker(deed: Doing, on: Deciding) -> None:
    """Whoever asked is told that it is decided, not how."""
    if on.wish.asker.account is Account.ENROLLED:
        deed.tell(
            Notice.DISCLOSURE_DECIDED,
            on.wish.asker.email,
            area=on.at.area.name,
            reference=on.at.case.reference,
            path=f"/requests/{on.wish.disclosure.id}",
            phone=on.at.area.phone,
        )
