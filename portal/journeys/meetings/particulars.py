"""An individual's name and date of birth: a paper like every other, sealed once for each case.

It is given to the unit, to those invited to the case, and to the contacts of each agency that is
asked about it, as soon as their key is confirmed; lay advisers have no papers (MAPPA rules 2, 15
and 17). Whoever opens it leaves a line first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.age.keys import Identity
from portal.crypto.manifest import SignedManifest
from portal.domain.cases import Case, Particulars
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.domain.papers import Document, Header, Version
from portal.domain.people import Account, Person, Role
from portal.journeys.deed import Doing
from portal.journeys.giving.rewrapping import rewrap_all
from portal.journeys.giving.sealing import keep_manifest
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey
from portal.journeys.opening.opened import NotGiven, Spoilt, names, open_version, read_manifest
from portal.records import meetings, papers

POLICY = "particulars"


@dataclass(frozen=True)
class Given:
    """Wraps of one case's particulars, made and not yet kept."""

    version: Version
    wraps: tuple[tuple[Header, SignedManifest], ...]

    @property
    def hashes(self) -> list[str]:
        """The SHA-256 of each manifest, for the ledger line of the deed."""
        return [signed.sha256 for _, signed in self.wraps]


def stored(db: Connection, case: Case) -> tuple[Document, Version]:
    """The rows of a case's particulars. Raises Spoilt when they are gone."""
    version = papers.load_version(db, case.area_id, case.particulars_version)
    document = (
        None if version is None else papers.load_document(db, case.area_id, version.document_id)
    )
    if version is None or document is None or document.case_id != case.id:
        raise Spoilt("particulars")
    return document, version


def give(deed: Doing, who: Who, case: Case, readers: Iterable[ConfirmedKey]) -> Given:
    """Wraps for those of `readers` who have none yet under the key they have now.

    Raises Refused, KeyAlarm, NotGiven or Spoilt; nothing is written.
    """
    document, version = stored(deed.db, case)
    held = papers.wraps_of(deed.db, case.area_id, version.id)
    lacking = [reader for reader in readers if held.get(reader.person_id) != reader.fingerprint]
    if not lacking:
        return Given(version, ())
    return Given(
        version, tuple(rewrap_all(deed, who, document, version, lacking, None, None, POLICY))
    )


def keep_given(deed: Doing, given: Given, position: int) -> None:
    """Write the wraps, in the deed; `position` is the line that holds the manifests' hashes."""
    for header, signed in given.wraps:
        papers.save_header(deed.db, header)
        keep_manifest(deed, given.version, signed, position)


def open_particulars(
    house: House,
    db: Connection,
    case: Case,
    reader_id: PersonId,
    fingerprint: str,
    identities: Sequence[Identity],
) -> Particulars:
    """The particulars, for a reader (or the unit) with this key. The caller leaves the line.

    Raises NotGiven where this key was given none, Spoilt, or a StorageError.
    """
    _, version = stored(db, case)
    for row in reversed(papers.manifests_of(db, case.area_id, version.id)):
        manifest = read_manifest(house, db, row, version)
        if names(house, db, manifest, reader_id, fingerprint):
            break
    else:
        raise NotGiven
    clear = open_version(house, db, version, row, reader_id, fingerprint, identities)
    try:
        return Particulars.decode(clear)
    except (ValueError, KeyError, TypeError):
        raise Spoilt("particulars") from None


def may_receive(person: Person) -> bool:
    """Whether this person may be sealed to at all: enrolled, and no lay adviser (rule 15)."""
    return person.account is Account.ENROLLED and Role.LAY_ADVISER not in person.roles


def cases_for(db: Connection, area_id: AreaId, person: Person) -> set[CaseId]:
    """The cases whose particulars this person is to have: invited, or their agency asked."""
    if not may_receive(person):
        return set()
    slots = {invitation.slot_id for invitation in meetings.invitations_of(db, area_id, person.id)}
    if Role.CONTACT in person.roles:
        asked = papers.requests_to(db, area_id, person.agency_id)
        slots |= {request.slot_id for request in asked}
    return {slot.case_id for slot in meetings.slots_of_area(db, area_id) if slot.id in slots}
