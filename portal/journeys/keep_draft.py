"""Keep what somebody typed into a form that could not be sent, for them alone.

Sealed to the writer's confirmed key, so a draft that was kept after a session had ended can be
read only by the same person, signed in again. It leaves no line: nobody gains anything by it.
"""

from __future__ import annotations

from datetime import timedelta

from portal.crypto.age.errors import AgeError
from portal.crypto.sealing import open_text, seal_text
from portal.domain.ids import AccountId, AreaId
from portal.journeys.deed import tending
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import KeyAlarm, confirmed_keys
from portal.journeys.signing_in.recall import Over
from portal.records import texts
from portal.records.database import reading

LASTS = timedelta(hours=24)
LONGEST_FORM = 200


def keep_draft(house: House, writer: Over, form: str, clear: bytes) -> None:
    """Keep a draft for somebody who is signed in no more; without a confirmed key, nothing."""
    try:
        with reading(house.engine) as db:
            key = confirmed_keys(house, db, writer.area_id).get(writer.person_id)
    except KeyAlarm:
        return
    if key is not None:
        _keep(house, writer.area_id, writer.account_id, form, seal_text(clear, [key.recipient]))


def keep_own_draft(house: House, who: Who, form: str, clear: bytes) -> None:
    """Keep a draft of the person who is signed in."""
    sealed = seal_text(clear, [who.keyring.recipient()])
    _keep(house, who.actor.area_id, who.actor.account_id, form, sealed)


def read_draft(house: House, who: Who, form: str) -> bytes | None:
    """The person's own draft for this form, if there is one that is not too old."""
    with reading(house.engine) as db:
        draft = texts.draft_of(db, who.actor.account_id, form)
    if draft is None or house.clock.now() - draft.made_at >= LASTS:
        return None
    try:
        return open_text(draft.sealed, who.identities())
    except AgeError:
        return None


def drop_draft(house: House, who: Who, form: str) -> None:
    """The form was sent: forget its draft."""
    with reading(house.engine) as db:
        if texts.draft_of(db, who.actor.account_id, form) is None:
            return
    with tending(house) as db:
        texts.drop_draft(db, who.actor.account_id, form)


def _keep(house: House, area_id: AreaId, account_id: AccountId, form: str, sealed: bytes) -> None:
    if len(form) > LONGEST_FORM:
        return
    with tending(house) as db:
        texts.save_draft(db, texts.Draft(area_id, account_id, form, sealed, house.clock.now()))
