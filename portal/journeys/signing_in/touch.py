"""A passkey in the place of the unused code with which one act is confirmed.

The device verifies its user anew and signs a challenge made for this session and this very form,
with what it shows; each counts once, for half an hour, and for nothing else. The row is believed
only where the keyring of this session says that its owner signed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.crypto.keyring import Keyring
from portal.domain.factors import FactorKind
from portal.domain.ids import AccountId
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.house import House, Who
from portal.journeys.own_account.passkey_ceremony import ask, require_signed, use
from portal.records import passkeys
from portal.records.database import reading

ACT = "passkey-act"
LASTS = timedelta(minutes=30)
"""Longer than for a sign-in: a page is read before it is confirmed, and is bound by its digest."""


@dataclass(frozen=True)
class Touch:
    """What a device answered, `about` what form it was asked, and whose keyring is open."""

    site: Site
    about: str
    answer: str
    session_id: bytes
    keyring: Keyring = field(repr=False)


Given = str | Touch
"""What confirms an act: a typed code, or a touch."""


def asked_touch(house: House, site: Site, who: Who, about: str) -> dict[str, Any] | None:
    """What the browser is asked; None where this person has no passkey that works."""
    with reading(house.engine) as db:
        mine = passkeys.of_person(db, who.actor.account_id)
    allowed = [each.credential_id for each in mine if each.proved_at and each.credential_id]
    return ask(house, site, ACT, _bound(who.session_id, about), allowed) if allowed else None


def spend_touch(house: House, account_id: AccountId, touch: Touch) -> str:
    """Use it up, once ever; returns the FactorKind. Raises BadPasskey."""
    bound = _bound(touch.session_id, touch.about)
    used = use(house, touch.site, ACT, bound, touch.answer, account_id, lasts=LASTS)
    if used.proved_at is None:
        raise BadPasskey("not proved")
    require_signed(touch.keyring, used)
    return FactorKind.PASSKEY.value


def _bound(session_id: bytes, about: str) -> str:
    return f"{session_id.hex()} {about}"
