"""A ledger's signing key that was replaced vouches for the next, and signs nothing afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from portal.ledger import book, receipt, verify
from portal.ledger.checkpoint import LedgerSigner, open_checkpoint, signed_checkpoint
from portal.ledger.errors import LedgerError, NoteRefused
from tests.ledger.writing import AREA, SIGNER, STRANGER, a_leaf, at, commit_of

BOTH = LedgerSigner(SIGNER.origin, b"\x0a" * 32, beside=(SIGNER.seed,))
NEW = LedgerSigner(SIGNER.origin, b"\x0a" * 32, former=(SIGNER.seed,))


def keys(signer: LedgerSigner) -> list[str]:
    return [each.vkey for each in signer.ever]


def test_while_it_is_replaced_both_sign_one_note() -> None:
    note = BOTH.sign(3, b"\x01" * 32)
    assert signed_checkpoint(note, BOTH.known, SIGNER.origin)[1] == set(BOTH.known)
    for one in (SIGNER, NEW):
        assert open_checkpoint(note, one.known, SIGNER.origin).size == 3
    with pytest.raises(NoteRefused):
        open_checkpoint(note, STRANGER.known, SIGNER.origin)


def test_a_note_one_of_whose_signatures_is_false_is_refused_by_who_knows_that_key() -> None:
    lines = BOTH.sign(3, b"\x01" * 32).split("\n")
    other = BOTH.sign(4, b"\x01" * 32).split("\n")
    lines[-2] = other[-2]
    mixed = "\n".join(lines)
    with pytest.raises(NoteRefused):
        open_checkpoint(mixed, BOTH.known, SIGNER.origin)
    assert open_checkpoint(mixed, NEW.known, SIGNER.origin).size == 3


def replaced(written: Engine) -> None:
    with written.begin() as conn:
        commit_of(conn, [21], BOTH)


def test_the_record_goes_on_under_the_new_key_alone(written: Engine) -> None:
    replaced(written)
    with written.begin() as conn:
        commit_of(conn, [22, 23], NEW)
        assert verify.audit(conn, AREA, *keys(NEW)).what is None
        proof = book.receipt(conn, AREA, 5)
        entry = book.entries(conn, AREA, 5, 1)[0]
        assert receipt.check(proof, entry.leaf, NEW.known, NEW.origin)[0] == 5
        with pytest.raises(LedgerError):
            receipt.check(proof, entry.leaf, SIGNER.known, SIGNER.origin)
        assert verify.audit(conn, AREA, SIGNER.vkey).first_bad == 23
        assert verify.audit(conn, AREA, NEW.vkey).first_bad == 0


def test_what_the_former_key_signs_afterwards_is_found(written: Engine) -> None:
    """Whoever stole it before it was replaced appends a line, and signs it."""
    replaced(written)
    with written.begin() as conn:
        commit_of(conn, [22], SIGNER)
        found = verify.audit(conn, AREA, *keys(NEW))
        assert found.first_bad == 22
        assert found.what is not None
        assert "replaced" in found.what
        book.append(conn, AREA, a_leaf(23), at(23), NEW)
        with pytest.raises(NoteRefused):
            book.checkpoint(conn, AREA, NEW)


def test_a_new_key_that_no_former_one_vouched_for_signs_nothing(written: Engine) -> None:
    alone = LedgerSigner(SIGNER.origin, b"\x0a" * 32)
    with written.begin() as conn:
        book.append(conn, AREA, a_leaf(21), at(21), alone)
        with pytest.raises(NoteRefused):
            book.checkpoint(conn, AREA, alone)
