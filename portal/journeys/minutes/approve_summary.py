"""A coordinator approves an executive summary, with an unused code; it is set and kept sealed.

Only then can it be given instead of a paper: the least that serves (rules 63 and 69).
"""

from __future__ import annotations

from dataclasses import asdict

from portal.chance import new_id
from portal.documents.typeset import count_pages, typeset
from portal.domain.clocks import in_words, london
from portal.domain.deeds import Deed, line
from portal.domain.ids import DocumentId, SlotId
from portal.domain.papers import MARKING, SUMMARY_FORM, TITLES, UNIT_READER, Document, Kind
from portal.domain.people import Role
from portal.domain.summaries import HEADINGS, NotSummarised, Summary
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.giving.sealing import keep, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.minutes.writing_summary import approved_summary, newest_digest, written_summary
from portal.journeys.restricted.about import about
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action

ACTION = Action.DECIDE_SUMMARY_APPROVE


def approve_summary(house: House, who: Who, slot_id: SlotId, digest: str, code: Given) -> None:
    """Approve exactly the draft with this digest.

    Raises Unacceptable where a heading is empty, Changed where the draft is another by now,
    CodeRefused, Refused, Spoilt, KeyAlarm or StorageError; then nothing was approved.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, about(look, slot_id))
        scene = scene_of(look, slot_id, ACTION)
        unit = open_unit_behind(house, look.db, who, slot_id)
        openers = unit.key.openers()
        written = written_summary(house, look.db, area_id, slot_id, openers)
        if written.digest != digest:
            raise Changed
        try:
            written.summary.check()
        except NotSummarised as found:
            raise Unacceptable(found.field, found.words) from None
        individual = open_particulars(
            house, look.db, scene.case, UNIT_READER, unit.public.fingerprint, openers
        )
        earlier = approved_summary(house, look.db, area_id, slot_id)
    spend(house, who.actor, code)
    paper = _paper(who, scene, individual.name, written.summary, in_words(house.clock.now()))
    document = Document(
        id=DocumentId(new_id()),
        area_id=area_id,
        case_id=scene.case.id,
        slot_id=slot_id,
        kind=Kind.SUMMARY,
        form_code=SUMMARY_FORM,
        owner_agency_id=who.actor.agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    prepared = prepare(
        house,
        who,
        document if earlier is None else earlier[0],
        typeset("summary", paper),
        pages=count_pages("summary", paper),
        readers=[],
        unit=unit.public,
        number=1 if earlier is None else earlier[1].number + 1,
        policy="summary",
    )
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        if newest_digest(house, deed.db, area_id, slot_id) != digest:
            raise Changed
        if approved_summary(house, deed.db, area_id, slot_id) != earlier:
            raise Changed
        deed.note(line(Deed.PARTICULARS_READ, case=scene.case.id))
        position = deed.note(
            line(
                Deed.SUMMARY_APPROVED,
                slot=slot_id,
                version=prepared.version.id,
                payload=prepared.version.payload_sha256,
                manifest=prepared.manifest.sha256,
                text=digest,
            )
        )
        keep(deed, prepared, position, new_document=earlier is None)


def _paper(
    who: Who, scene: Scene, individual: str, summary: Summary, when: str
) -> dict[str, object]:
    title = scene.area.title
    acting = title if Role.COORDINATOR in who.actor.roles else f"Deputy {title}"
    written = asdict(summary)
    return {
        "title": TITLES[SUMMARY_FORM],
        "reference": scene.case.reference,
        "marking": MARKING,
        "facts": [
            ["Individual", individual],
            ["Meeting", f"{london(scene.slot.starts_at):%-d %B %Y}"],
        ],
        "sections": [
            {"title": heading, "paragraphs": written[field].split("\n\n")}
            for field, heading in HEADINGS.items()
        ],
        "note": "This is a summary of a MAPPA meeting. It is not the minutes, which are not "
        "given. For what one agency holds, ask that agency.",
        "signed": [who.actor.name, f"{acting}, {scene.area.name}", f"Approved {when}"],
    }
