"""A coordinator looks through an extract and lets it be used (MAPPA rules 36, 38).

The automatic test is made again, on the very bytes that are sealed, for the words they were tested
for at first; then a person says that they have looked at every page. Only then can it be sent.
"""

from __future__ import annotations

import json

from portal.crypto.age.errors import AgeError
from portal.documents.redact import look_again
from portal.domain.deeds import Deed, line
from portal.domain.extracts import Extract
from portal.domain.ids import VersionId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.digests import read_text
from portal.journeys.extracts.cutting import open_source, source_of
from portal.journeys.extracts.proven_extract import REMOVED
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.opening.opened import Spoilt
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import extracts, texts

ACTION = Action.DECIDE_EXTRACT_CHECK


def check_extract(house: House, who: Who, version_id: VersionId) -> Extract:
    """Raises Changed where the test fails or somebody checked it already, Refused, RefusedPaper,
    KeyAlarm, Spoilt, RoomFull or a StorageError; then nothing was checked."""
    area_id = who.actor.area_id
    with house.examining_room.seat(who.actor.person_id):
        with looking(house, who.actor, version_id) as look:
            look.require(ACTION, about(look, version_id))
            source = source_of(look.db, area_id, version_id, ACTION)
            found = extracts.load(look.db, area_id, version_id)
            if found is None:
                raise Refused(ACTION, Why.NOT_THERE)
            if found.checked_at is not None:
                raise Changed("This extract was checked already.")
            sealed = texts.load(look.db, area_id, version_id, REMOVED)
            unit = open_unit_behind(house, look.db, who, version_id)
            try:
                removed = read_text(sealed or b"", unit.key.openers())
                told = json.loads(removed.text)
                words = [str(word) for word in told["words"]]
                light = [str(word) for word in told.get("light", ())]
                stays = [(str(word), int(page)) for word, page in told["stays"]]
            except (AgeError, ValueError, KeyError, TypeError):
                raise Spoilt("text") from None
            made = proven_line_of(
                house,
                look.db,
                area_id,
                Deed.EXTRACT_MADE,
                version=version_id,
                removed=removed.digest,
            )
            if made is None:
                raise Spoilt("extract")
            clear = open_source(house, look.db, who, source)
        if not look_again(clear, words, stays, light).passed:
            raise Changed("A word that was taken out is still in this extract. Make it again.")
        del clear
    with doing(house, who.actor, ACTION, version_id) as deed:
        deed.require(about(deed, version_id))
        if extracts.load(deed.db, area_id, version_id) != found:
            raise Changed
        deed.note(line(Deed.EXTRACT_CHECKED, version=version_id))
        extracts.check(deed.db, area_id, version_id, deed.actor.person_id, deed.now)
        checked = extracts.load(deed.db, area_id, version_id)
        if checked is None:
            raise Changed
    return checked
