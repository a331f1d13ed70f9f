"""Everything sealed that an image holds, and every key that lies about in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, LargeBinary, String, select, text

from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.keys import Identity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.sealing import open_header, open_text
from portal.domain.papers import UNIT_READER
from portal.records import (
    candidates,
    cases,
    joining_words,
    keys,
    papers,
    passkeys,
    restrictions,
    texts,
)
from portal.records.database import reading
from portal.records.schema import every, metadata
from tests.at_rest.image import Image
from tests.at_rest.life import Life

CASE = "the holders of a restricted case"
KEY = 32
FILE_KEY = 16
_TOKEN = re.compile(rb"/join/([A-Za-z0-9_-]{20,})")


@dataclass(frozen=True)
class Locked:
    """An age file, or its header alone, that stands in the database."""

    what: str
    reader: str
    sealed: bytes
    header_only: bool

    def opens_with(self, identity: Identity) -> bool:
        try:
            if self.header_only:
                open_header(self.sealed, [identity])
            else:
                open_text(self.sealed, [identity])
        except AgeError:
            return False
        return True


def everything_sealed(life: Life) -> list[Locked]:
    """Every age file and every header in the database, and the server's keys in the backup."""
    with reading(life.wiring.house.engine) as db:
        found = list(_locked(db))
    found += [
        Locked("backed-up keys", "kit", file.read_bytes(), False)
        for file in life.backups.glob("keys/*.age")
    ]
    return found


def opened_by(lying_about: set[bytes], locked: list[Locked]) -> list[tuple[str, str]]:
    """What any of these 32 bytes opens, as a key of either kind: the key (hex), and what."""
    return [
        (secret.hex(), each.what)
        for secret in sorted(lying_about)
        for identity in (HybridIdentity(secret), X25519Identity(secret))
        for each in locked
        if each.opens_with(identity)
    ]


def _locked(db: Connection) -> Iterator[Locked]:
    cases_keys = every(db, restrictions.restricted_cases, restrictions.CaseKey)
    of_case = {key.fingerprint for key in cases_keys}
    for key in cases_keys:
        yield Locked("case for the kit", "kit", key.for_kit, False)
    for header in every(db, papers.headers, papers.Header):
        reader = CASE if header.fingerprint in of_case else header.reader_id
        yield Locked("header", reader, header.header, True)
    for candidate in every(db, candidates.candidates, candidates.Candidate):
        yield Locked("candidate", candidate.person_id, candidate.header, True)
    for ring in every(db, keys.keyrings, keys.StoredKeyring):
        yield Locked("keyring", f"unlock of {ring.person_id}", ring.sealed, False)
    for wrap in every(db, keys.unit_wraps, keys.UnitWrap):
        yield Locked("unit", wrap.person_id, wrap.sealed, False)
    for held in every(db, restrictions.case_holders, restrictions.CaseHolder):
        yield Locked("case", held.person_id, held.sealed, False)
    for passkey in every(db, passkeys.passkeys, passkeys.Passkey):
        yield Locked("passkey", f"passkey of {passkey.person_id}", passkey.sealed, False)
    for word in every(db, joining_words.word_wraps, joining_words.WordWrap):
        yield Locked("words", f"words of {word.person_id}", word.header, True)
    for draft in every(db, texts.drafts, texts.Draft):
        yield Locked("draft", draft.person_id, draft.sealed, False)
    for written in every(db, texts.sealed_texts, texts.SealedText):
        restricted = written.case_id in {key.case_id for key in cases_keys}
        yield Locked(f"text {written.field}", CASE if restricted else "", written.sealed, False)
    for sealed in db.execute(select(cases.names.c.sealed)).scalars():
        yield Locked("names", UNIT_READER, sealed, False)


def found_secrets(life: Life, image: Image) -> set[bytes]:
    """Every 32 bytes in the keys folder, the database and the mails that could be a key."""
    found: set[bytes] = set()
    for name, body in image.parts.items():
        if name.startswith("data/keys/"):
            found |= {bytes.fromhex(h.decode()) for h in re.findall(rb"\b[0-9a-f]{64}\b", body)}
        if name.startswith("data/mail/"):
            found |= {
                base64.urlsafe_b64decode(token + b"==")[:KEY] for token in _TOKEN.findall(body)
            }
    with reading(life.wiring.house.engine) as db:
        for value in values_of(db):
            raw = value.encode() if isinstance(value, str) else bytes(value)
            if len(raw) == KEY:
                found.add(raw)
            if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
                found.add(bytes.fromhex(value))
    return found


def values_of(db: Connection) -> Iterator[str | bytes]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary | String):
                raw = text(f"SELECT DISTINCT {column.name} FROM {table.name}")
                yield from (v for v in db.execute(raw).scalars() if isinstance(v, str | bytes))
