"""The unit files the minutes as written in the form: set as a tagged PDF, then a draft like any.

Nothing of the form may be missing (rules 43 to 49), and who was there comes from the locked
attendance (rules 39, 42). The words are kept beside the PDF for the unit and the chair, so that
the chair can be shown what changed between two drafts.
"""

from __future__ import annotations

import json

from portal.documents.typeset import count_pages, typeset
from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.domain.minutes_form import LONGEST_ALL
from portal.domain.papers import UNIT_READER
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.digests import keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.minutes.filing import before_filing, file_draft, seal_draft
from portal.journeys.minutes.minutes_paper import paper_of
from portal.journeys.minutes.writing import WrittenForm, newest_digests, written_form
from portal.journeys.packs.proposing import setting
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import meetings

ACTION = Action.UNIT_MINUTES_FILE
SET = "minutes-set"
"""Under this name the words of a version that was set stand, under the version's identifier."""

NOT_LOCKED = "Lock the attendance first: who was there stands in the minutes, and cannot change."
NOT_WHOLE = "Something is still missing. Complete every section, then file the draft."
TOO_LONG = "These minutes are too long to be set. Shorten them, or file them as a PDF."


def set_minutes(house: House, who: Who, slot_id: SlotId, digest: str) -> None:
    """File exactly the form with this digest as the draft.

    Raises Unacceptable with what to do first, Changed where a section was saved meanwhile or the
    draft is another by now, Refused once the chair has approved, Spoilt, KeyAlarm, StorageError.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        before = before_filing(house, look.db, area_id, slot_id, ACTION)
        if meetings.attendance_lock_of(look.db, area_id, slot_id) is None:
            raise Unacceptable("", NOT_LOCKED)
        at = setting(house, look.db, area_id, slot_id)
        unit = open_unit_behind(house, look.db, who, slot_id)
        openers = unit.key.openers()
        form = written_form(house, look.db, area_id, slot_id, openers)
        if form.digest != digest:
            raise Changed
        if form.missing:
            raise Unacceptable("", NOT_WHOLE)
        if _length(form) > LONGEST_ALL:
            raise Unacceptable("", TOO_LONG)
        individual = open_particulars(
            house, look.db, at.case, UNIT_READER, unit.public.fingerprint, openers
        )
        invited = meetings.invitations_to(look.db, area_id, slot_id)
        register = meetings.attendance_of(look.db, area_id, slot_id)
    paper = paper_of(at, individual, invited, register, form)
    prepared = seal_draft(
        house,
        who,
        before,
        typeset("minutes", paper),
        pages=count_pages("minutes", paper),
        scan=None,
    )
    words = salted(json.dumps({section.value: form.of(section) for section in form.sections}))
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        if newest_digests(house, deed.db, area_id, slot_id) != form.digests:
            raise Changed
        deed.note(line(Deed.PARTICULARS_READ, case=at.case.id))
        file_draft(deed, before, prepared, ACTION)
        version_id = prepared.version.id
        readers = [before.unit.recipient, *(chair.recipient for chair in before.chairs)]
        keep_text(deed, version_id, SET, words, readers)
        deed.note(line(Deed.MINUTES_SET, slot=slot_id, version=version_id, written=words.digest))


def _length(form: WrittenForm) -> int:
    return sum(len(text) for at in form.sections.values() for text in at.values())
