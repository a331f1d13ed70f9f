"""What `portal sealed gather` does: a person's header and the payload, joined to one age file.

It needs the database and the store, and no key: what it writes is ciphertext, which that person
alone opens, with this program or any other age program that knows post-quantum keys. It is an
operator's command, so that anybody can hold the portal's claim against the age format itself. It
opens nothing and gives nobody anything they could not open already, so it leaves no line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from portal.cli.installation import engine_of, settings_of
from portal.crypto.age.errors import NotForYou
from portal.domain.ids import AreaId, DocumentId, GrantId, PersonId, SendingId, VersionId
from portal.domain.papers import UNIT_READER, Version
from portal.identity.email_address import BadAddress, normalise
from portal.records import areas, database, papers, people, sendings
from portal.storage.filesystem import FilesystemStore
from portal.storage.store import StorageError


class NotThere(Exception):
    """There is no such paper, or nobody of that address; the message says which."""


def gather_main(data: Path, paper: str, email: str, write: Callable[[bytes], object]) -> None:
    """Write the age file of `paper` that the person of `email` could open.

    `paper` names a version, a document (its newest version), a grant, or a sending (that person's
    copy of it). `email` may be `unit`, for the co-ordination unit's own copy. Raises NotForYou
    where there is no wrap for that person, NotThere, or OSError where the store does not answer.
    """
    settings = settings_of(data, address_matters=False)
    engine = engine_of(settings)
    try:
        with database.reading(engine) as db:
            reader = _reader(db, email)
            version = _version(db, paper, reader)
            header = papers.header_for(db, version.area_id, version.id, reader)
    finally:
        engine.dispose()
    if header is None:
        raise NotForYou(f"nothing of this paper is sealed to {email}: there is no wrap")
    if not settings.papers.is_dir():
        raise NotThere(f"there is no store of papers at {settings.papers}")
    try:
        payload = FilesystemStore(settings.papers).get(version.payload_sha256)
    except StorageError as error:
        raise OSError(f"the store: {error}") from None
    write(header.header)
    write(payload)


def _reader(db: Connection, email: str) -> PersonId:
    if email == UNIT_READER:
        return UNIT_READER
    try:
        person = people.by_email(db, normalise(email))
    except BadAddress as bad:
        raise NotThere(bad.words) from None
    if person is None:
        raise NotThere(f"nobody here has the address {email}")
    return person.id


def _version(db: Connection, paper: str, reader: PersonId) -> Version:
    for area in areas.all_areas(db):
        version = (
            papers.load_version(db, area.id, VersionId(paper))
            or papers.latest_version(db, area.id, DocumentId(paper))
            or _of_grant(db, area.id, paper)
            or _of_sending(db, area.id, paper, reader)
        )
        if version is not None:
            return version
    raise NotThere(f"there is no paper {paper}, or that person has no copy of it")


def _of_grant(db: Connection, area_id: AreaId, paper: str) -> Version | None:
    grant = sendings.load_grant(db, area_id, GrantId(paper))
    return None if grant is None else papers.load_version(db, area_id, grant.version_id)


def _of_sending(db: Connection, area_id: AreaId, paper: str, reader: PersonId) -> Version | None:
    for grant in sendings.grants_of_sending(db, area_id, SendingId(paper)):
        if reader in (grant.person_id, UNIT_READER):
            return papers.load_version(db, area_id, grant.version_id)
    return None
