"""A refusal in writing: the same weighing, and a reply to whoever asked (rules 68, 73)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.disclosures import Disclosure, DisclosureState
from portal.domain.ids import DisclosureId
from portal.domain.weighing import Refusal
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.digests import keep_text, salted
from portal.journeys.disclosure.deciding import (
    ACTION,
    REPLY,
    WEIGHING,
    Deciding,
    check,
    deciding,
    encode,
    seal_decision,
    signed_by,
    tell_asker,
    under_lock,
)
from portal.journeys.disclosure.requested import Requested
from portal.journeys.giving.sealing import Prepared, keep
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.reports.candidate import forget_payloads
from portal.policy.judge import Refused
from portal.records import disclosures


@dataclass(frozen=True)
class PreparedRefusal:
    """The reply, typeset, sealed and in the store; not a row is written."""

    request_id: DisclosureId
    digest: str
    refusal: Refusal
    reply: Prepared


def usual_reply(wish: Requested) -> str:
    """The reply to begin with; the decider changes it as they see fit."""
    asked = f"{london(wish.disclosure.asked_at):%-d %B %Y}"
    return (
        f"On {asked} you asked to pass on a paper of case {wish.case.reference} "
        f"({wish.title}, from {wish.owner.name}) to {wish.receiver.name}, "
        f"{wish.receiving_agency.name}.\n\n"
        "I have considered this and cannot give authority. The paper holds information about "
        "other people, or given in confidence.\n\n"
        f"{wish.receiving_agency.name} may ask {wish.owner.name}, which owns the information, for "
        "what it needs.\n\n"
        "Nothing of the paper may be copied or passed on."
    )


def prepare_refusal(
    house: House, who: Who, request_id: DisclosureId, refusal: Refusal, digest: str
) -> PreparedRefusal:
    """Everything slow. Raises Changed, NotWeighed, Refused, KeyAlarm or StorageUnavailable."""
    with looking(house, who.actor, request_id) as look:
        on = deciding(house, look.db, who.actor.area_id, request_id)
        look.require(ACTION, on.wish.facts)
        if on.digest != digest:
            raise Changed
        check(refusal, on)
        unit = unit_behind(house, look.db, who.actor.area_id, request_id)
    day = f"{london(look.now):%-d %B %Y}"
    sealed = seal_decision(house, who, on, unit, "refusal", _reply(who, on, refusal, day))
    return PreparedRefusal(request_id, digest, refusal, sealed)


def write_refusal(house: House, who: Who, prepared: PreparedRefusal) -> Disclosure:
    """All of it or nothing. Raises Changed, or Refused once it is decided."""
    try:
        with doing(house, who.actor, ACTION, prepared.request_id) as deed:
            return _written(deed, prepared)
    except (Refused, Changed):
        # Raised before the commit: no row names these bytes, and none ever will.
        forget_payloads(house, [prepared.reply.version.payload_sha256])
        raise


def _written(deed: Doing, prepared: PreparedRefusal) -> Disclosure:
    on = under_lock(deed, prepared.request_id, prepared.digest)
    unit = unit_behind(deed.house, deed.db, deed.area_id, prepared.request_id)
    reasons = salted(encode(prepared.refusal))
    keep_text(deed, prepared.request_id, WEIGHING, reasons, [unit.recipient])
    readers = [unit.recipient] + ([] if on.asker_key is None else [on.asker_key.recipient])
    reply = salted(json.dumps({"reply": prepared.refusal.reply}))
    keep_text(deed, prepared.request_id, REPLY, reply, readers)
    position = deed.note(
        line(
            Deed.DISCLOSURE_REFUSED,
            request=prepared.request_id,
            reply=reply.digest,
            reasons=reasons.digest,
            manifest=prepared.reply.manifest.sha256,
        )
    )
    keep(deed, prepared.reply, position)
    decided = disclosures.decide(
        deed.db,
        deed.area_id,
        prepared.request_id,
        state=DisclosureState.REFUSED,
        decided_by=deed.actor.person_id,
        decided_at=deed.now,
        decision_version_id=prepared.reply.version.id,
    )
    found = disclosures.load(deed.db, deed.area_id, prepared.request_id)
    if not decided or found is None:
        raise Changed
    tell_asker(deed, on)
    return found


def _reply(who: Who, on: Deciding, refusal: Refusal, day: str) -> dict[str, object]:
    wish = on.wish
    text = "\n".join(refusal.reply.splitlines())
    return {
        "title": "Reply to a request to pass a paper on",
        "reference": on.at.case.reference,
        "sender": [f"{on.at.area.name} MAPPA unit", on.at.area.phone],
        "to": [wish.asker.name, wish.asking_agency.name],
        "date": day,
        "facts": [
            ["Case", on.at.case.reference],
            ["Paper", f"{wish.title}, from {wish.owner.name}"],
            ["For", f"{wish.receiver.name}, {wish.receiving_agency.name}"],
            ["Asked on", f"{london(wish.disclosure.asked_at):%-d %B %Y}"],
        ],
        "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
        "signed": signed_by(who, on, day),
    }
