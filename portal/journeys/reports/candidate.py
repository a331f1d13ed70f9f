"""An examined file that waits for its uploader to confirm the case, sealed to them alone.

Anybody can seal to a public key, so the uploader signs what they left: a file that somebody else
puts in its place is not handed in.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto.age.errors import AgeError
from portal.crypto.commitment import WrongKey, check_commit, key_commit
from portal.crypto.sealing import header_for, new_file_key, open_header, open_payload, seal_payload
from portal.crypto.signing import BadSignature, sign, verify
from portal.documents.findings import kept
from portal.documents.intake import Accepted
from portal.domain.deeds import Deed, line
from portal.domain.facts import Facts
from portal.domain.ids import RequestId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.opening.opened import Spoilt
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import candidates
from portal.records.candidates import Candidate
from portal.storage.store import StorageError

LABEL = "portal/v1/candidate"
KEPT = timedelta(hours=24)
MOST_TRIES = 5


def seal_candidate(
    house: House,
    who: Who,
    request_id: RequestId,
    accepted: Accepted,
    original: bytes,
    now: datetime,
) -> Candidate:
    """Seal the rebuilt PDF, and the original beside it, to their uploader, and put both into the
    store; no row is written.

    Raises StorageUnavailable.
    """
    file_key, original_key = new_file_key(), new_file_key()
    candidate_id = new_id()
    sealed = seal_payload(file_key, accepted.pdf_clear)
    kept_as_is = seal_payload(original_key, original)
    commit = key_commit(file_key, candidate_id, sealed.sha256)
    candidate = Candidate(
        id=candidate_id,
        area_id=who.actor.area_id,
        request_id=request_id,
        person_id=who.actor.person_id,
        payload_sha256=sealed.sha256,
        header=header_for(file_key, who.keyring.recipient()),
        key_commit=commit,
        signature=b"",
        findings=kept(accepted.findings),
        scan=accepted.scan,
        pages=accepted.pages,
        clear_size=sealed.clear_size,
        tries=0,
        made_at=now,
        original_sha256=kept_as_is.sha256,
        original_header=header_for(original_key, who.keyring.recipient()),
        original_commit=key_commit(original_key, candidate_id, kept_as_is.sha256),
    )
    signature = sign(who.keyring.signing_seed, LABEL, _body(candidate))
    house.store.put(sealed.sha256, sealed)
    house.store.put(kept_as_is.sha256, kept_as_is)
    return replace(candidate, signature=signature)


def keep_candidate(
    house: House,
    who: Who,
    action: Action,
    subject: RequestId,
    accepted: Accepted,
    original: bytes,
    facts: Callable[[Connection], Facts],
) -> str:
    """Keep the file for its uploader in place of what they chose before, with its line; returns
    its identifier. `facts` is asked again under the lock. Raises Refused or StorageUnavailable."""
    area_id = who.actor.area_id
    candidate = seal_candidate(house, who, subject, accepted, original, house.clock.now())
    try:
        with doing(house, who.actor, action, subject) as deed:
            deed.require(facts(deed.db))
            earlier = candidates.load(deed.db, area_id, subject, who.actor.person_id)
            if earlier is not None:
                candidates.drop(deed.db, area_id, earlier.id)
            candidates.save(deed.db, candidate)
            deed.note(
                line(
                    Deed.FILE_EXAMINED,
                    subject=subject,
                    size=len(original),
                    pages=accepted.pages,
                    scan=accepted.scan.value,
                )
            )
    except Refused:
        # Raised before the commit: no row names these bytes, and none ever will.
        forget_payloads(house, candidate.payloads)
        raise
    if earlier is not None:
        forget_payloads(house, earlier.payloads)
    return candidate.id


def current(db: Connection, who: Who, request_id: RequestId, now: datetime) -> Candidate | None:
    """What this person left for this request, unless it has lain for a day."""
    found = candidates.load(db, who.actor.area_id, request_id, who.actor.person_id)
    return found if found is not None and found.made_at > now - KEPT else None


def open_candidate(house: House, who: Who, candidate: Candidate) -> bytes:
    """The clear bytes, for the uploader alone. Raises Spoilt, or a StorageError."""
    clear = _open(
        house, who, candidate, candidate.payload_sha256, candidate.header, candidate.key_commit
    )
    if len(clear) != candidate.clear_size:
        raise Spoilt("candidate: size")
    return clear


def open_candidates_original(house: House, who: Who, candidate: Candidate) -> bytes:
    """The file as it was chosen: foreign bytes. For the uploader alone; raises as above."""
    return _open(
        house,
        who,
        candidate,
        candidate.original_sha256,
        candidate.original_header,
        candidate.original_commit,
    )


def _open(
    house: House, who: Who, candidate: Candidate, payload: str, header: bytes, commit: bytes
) -> bytes:
    try:
        verify(who.keyring.signing_public(), LABEL, _body(candidate), candidate.signature)
        file_key = open_header(header, who.identities())
        check_commit(file_key, candidate.id, payload, commit)
        return open_payload(file_key, house.store.get(payload))
    except (BadSignature, AgeError, WrongKey) as error:
        raise Spoilt(f"candidate: {type(error).__name__}") from None


def forget_payloads(house: House, payloads: Iterable[str]) -> None:
    """Delete payloads that no row names any more; one that can't be deleted now is swept later."""
    for payload in payloads:
        with contextlib.suppress(StorageError):
            house.store.delete(payload)


def _body(candidate: Candidate) -> bytes:
    return json.dumps(
        [
            candidate.id,
            candidate.area_id,
            candidate.request_id,
            candidate.person_id,
            candidate.payload_sha256,
            candidate.key_commit.hex(),
            candidate.clear_size,
            candidate.pages,
            candidate.scan.value,
            candidate.made_at.isoformat(),
            candidate.original_sha256,
            candidate.original_commit.hex(),
            sorted(candidate.findings.items()),
        ]
    ).encode()
