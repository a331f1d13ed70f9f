"""Giving a paper that is already sealed to one more reader: a late grant, more time, a disclosure.

The unit's own key opens the unit's header; the file key is checked against the commitment that
the paper's author signed, and only then wrapped again. The payload is not touched. A new manifest,
signed by the coordinator who gives, names the reader and the window, so a wrap that somebody
slips into the database names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.commitment import WrongKey, check_commit
from portal.crypto.fingerprint import fingerprint
from portal.crypto.manifest import SignedManifest
from portal.crypto.sealing import header_for, open_header
from portal.crypto.unit import UnitKey
from portal.domain.deeds import Deed
from portal.domain.papers import UNIT_READER, Document, Header, Version
from portal.domain.people import UNIT
from portal.journeys.deed import Doing
from portal.journeys.giving.sealing import sign_manifest
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey, KeyAlarm, UnitRecipient, unit_recipient
from portal.journeys.opening.opened import NotGiven, Spoilt, read_manifest
from portal.journeys.roles.acting import acting_term
from portal.ledger import leaf, search
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, people


@dataclass(frozen=True)
class OpenUnit:
    """The unit's key, unlocked in this request, and known to be the one that the ledger names."""

    key: UnitKey = field(repr=False)
    public: UnitRecipient


def open_unit_of(house: House, db: Connection, who: Who) -> OpenUnit:
    """The unit's key for one of its members.

    Raises Refused for anybody else, and KeyAlarm when the member's copy holds other keys than those
    that the ledger names: an age file does not say who wrote it.
    """
    public = unit_recipient(house, db, who.actor.area_id)
    require_member(house, db, who)
    return require_named(who.unit(db), public)


def require_named(key: UnitKey, public: UnitRecipient) -> OpenUnit:
    """The key, when the ledger names all its identities and their order; else KeyAlarm."""
    found = [fingerprint(each.recipient().raw, b"") for each in key.openers()]
    if found != [public.fingerprint, *public.former]:
        raise KeyAlarm(UNIT_READER, found[0], public.fingerprint)
    return OpenUnit(key, public)


def require_member(house: House, db: Connection, who: Who) -> None:
    """Raise Refused where the ledger says that this person was given other roles since, and none
    of the unit's: a copy of the key that somebody puts back opens nothing."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    changed = [
        told
        for each in search.mentions(
            db, area_id, [Deed.ROLES_CHANGED.value], person_id.encode(), after=-1
        )
        if (told := leaf.decode(each))["person"] == person_id
    ]
    listed = changed[-1]["roles"] if changed else None
    if not isinstance(listed, list | tuple) or UNIT & set(listed):
        return
    person = people.load(db, area_id, person_id)
    if person is None or acting_term(house, db, person, house.clock.now()) is None:
        raise Refused(Action.UNIT_CASE_READ, Why.NOT_YOUR_ROLE)


def file_key_of(house: House, db: Connection, unit: OpenUnit, version: Version) -> bytes:
    """The file key of a version, from the unit's header, once everything signed about it agrees.

    The payload is not read. Raises NotGiven or Spoilt.
    """
    for row in papers.manifests_of(db, version.area_id, version.id):
        if unit.public.named_in(read_manifest(house, db, row, version).recipients):
            break
    else:
        raise Spoilt("recipient")
    header = papers.header_for(db, version.area_id, version.id, UNIT_READER)
    if header is None:
        raise NotGiven
    try:
        file_key = open_header(header.header, unit.key.openers())
        check_commit(file_key, version.id, version.payload_sha256, version.key_commit)
    except (AgeError, WrongKey) as error:
        raise Spoilt(type(error).__name__) from None
    return file_key


def rewrap_all(
    deed: Doing,
    who: Who,
    document: Document,
    version: Version,
    readers: Iterable[ConfirmedKey],
    opens_at: datetime | None,
    closes_at: datetime | None,
    policy: str,
) -> list[tuple[Header, SignedManifest]]:
    """One wrap and one signed manifest for each reader, in their order; nothing is written.

    `readers` come from the directory. The caller notes each manifest's SHA-256 in its line, then
    saves the header (`papers.save_header`) and the manifest (`sealing.keep_manifest`). Raises
    Refused, KeyAlarm, NotGiven or Spoilt.
    """
    unit = open_unit_of(deed.house, deed.db, who)
    file_key = file_key_of(deed.house, deed.db, unit, version)
    return [
        (
            Header(
                version.area_id,
                version.id,
                reader.person_id,
                reader.fingerprint,
                header_for(file_key, reader.recipient),
            ),
            sign_manifest(
                who,
                document,
                version,
                recipients=[unit.public.fingerprint, reader.fingerprint],
                opens_at=opens_at,
                closes_at=closes_at,
                policy=policy,
                at=deed.now,
            ),
        )
        for reader in readers
    ]


def signed_terms(deed: Doing, version: Version) -> str:
    """What the first manifest of a sending says that its readers may do: whoever is given it later,
    or for longer, is given no more. Raises KeyAlarm or Spoilt."""
    rows = papers.manifests_of(deed.db, version.area_id, version.id)
    if not rows:
        raise Spoilt("manifest")
    return read_manifest(deed.house, deed.db, rows[0], version).policy


def rewrap(
    deed: Doing,
    who: Who,
    document: Document,
    version: Version,
    reader: ConfirmedKey,
    opens_at: datetime | None,
    closes_at: datetime | None,
    policy: str,
) -> tuple[Header, SignedManifest]:
    """`rewrap_all` for one reader."""
    return rewrap_all(deed, who, document, version, [reader], opens_at, closes_at, policy)[0]
