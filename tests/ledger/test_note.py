"""Notes, keys and checkpoints: a published example, and every way of getting one wrong."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger import note, tree
from portal.ledger.checkpoint import LedgerSigner, open_checkpoint
from portal.ledger.errors import NoteRefused

# The example of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNED = (
    f"{SAID}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n"
)
KNOWN = (note.read_vkey(NEUMANN),)
SIGNER = LedgerSigner("mappa.example/ledger/north", b"\x01" * 32)


def test_the_published_note_opens_and_is_what_we_would_sign() -> None:
    assert note.open_note(SIGNED, KNOWN) == SAID
    private = Ed25519PrivateKey.from_private_bytes(NEUMANN_SEED)
    assert note.sign(SAID, "PeterNeumann", private) == SIGNED
    assert KNOWN[0].vkey == NEUMANN


def test_lines_of_unknown_keys_are_passed_over() -> None:
    other = note.sign(SAID, "witness.example", Ed25519PrivateKey.generate()).rpartition("\n\n")[2]
    assert note.open_note(SIGNED + other, KNOWN) == SAID
    same_name = note.sign(SAID, "PeterNeumann", Ed25519PrivateKey.generate()).rpartition("\n\n")[2]
    assert note.open_note(SIGNED + same_name, KNOWN) == SAID


def test_the_text_may_hold_empty_lines() -> None:
    private = Ed25519PrivateKey.from_private_bytes(NEUMANN_SEED)
    text = "one\n\n\ntwo\n"
    assert note.open_note(note.sign(text, "PeterNeumann", private), KNOWN) == text


def tampered() -> list[str]:
    head, signature = SIGNED.rsplit(" ", 1)
    raw = base64.b64decode(signature)
    return [
        "", SAID, SIGNED[:-1], SIGNED + "\n", SIGNED.replace("If", "if"),
        SIGNED.replace("\n\n—", "\n—"), SIGNED.replace("— P", "- P"), SIGNED.replace("— P", "—  P"),
        SIGNED.replace("PeterNeumann x", "PeterNeuman x"), SIGNED.replace("\n", "\r\n"),
        f"{head} {base64.b64encode(raw[:-1]).decode()}\n",
        f"{head} {base64.b64encode(raw + b'.').decode()}\n",
        f"{head} {base64.b64encode(raw[:4]).decode()}\n", f"{head} {signature[:-3]}N=\n",
        f"{head} {base64.urlsafe_b64encode(raw).decode()}\n", f"{head} \n", SIGNED + "rubbish\n",
        SIGNED.replace("answer", "ans\x00wer"), SIGNED + "x" * 300_000,
        SIGNED + SIGNED.rpartition("\n\n")[2] * 64,
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", tampered())
def test_a_note_that_was_touched_is_refused(wrong: str) -> None:
    with pytest.raises(NoteRefused):
        note.open_note(wrong, KNOWN)


def test_a_false_line_under_a_known_key_spoils_the_whole_note() -> None:
    false = base64.b64encode(KNOWN[0].key_id + b"\x00" * 64).decode()
    with pytest.raises(NoteRefused):
        note.open_note(f"{SIGNED}— PeterNeumann {false}\n", KNOWN)


def test_a_note_of_strangers_is_refused() -> None:
    with pytest.raises(NoteRefused):
        note.open_note(SIGNED, SIGNER.known)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "PeterNeumann", "PeterNeumann+c74f20a3", NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("Peter", "Petra"), NEUMANN.replace("+ARpc", "+AhPc"), NEUMANN[:-4],
        NEUMANN.replace("PeterNeumann", "Peter Neumann"), NEUMANN.replace("PeterNeumann", ""),
        NEUMANN + "=", NEUMANN.replace("ARpc", "ARp*"),
    ],
)  # fmt: skip
def test_a_malformed_verifier_key_is_refused(wrong: str) -> None:
    with pytest.raises(NoteRefused):
        note.read_vkey(wrong)


@pytest.mark.parametrize("text", ["", "no newline", "a\tb\n", "a\rb\n", "a\x00b\n"])
def test_only_whole_plain_lines_are_signed(text: str) -> None:
    with pytest.raises(NoteRefused):
        note.sign(text, "a", Ed25519PrivateKey.generate())


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_a_ledger_needs_a_name_that_fits_a_signature_line(origin: str) -> None:
    with pytest.raises(NoteRefused):
        LedgerSigner(origin, bytes(32))


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_signer_needs_a_whole_seed(seed: bytes) -> None:
    with pytest.raises(NoteRefused):
        LedgerSigner("a", seed)


def test_a_signer_never_shows_its_seed() -> None:
    assert "seed" not in repr(SIGNER)
    assert "\\x01" not in repr(SIGNER)


def test_a_checkpoint_is_three_lines_and_opens() -> None:
    signed = SIGNER.sign(0, tree.EMPTY_ROOT)
    assert signed.startswith(
        "mappa.example/ledger/north\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— mappa"
    )
    opened = open_checkpoint(signed, SIGNER.known, SIGNER.origin)
    assert (opened.size, opened.root) == (0, tree.EMPTY_ROOT)


@pytest.mark.parametrize(
    "text",
    [
        "elsewhere\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "mappa.example/ledger/north\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "mappa.example/ledger/north\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "mappa.example/ledger/north\n٠\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "mappa.example/ledger/north\n0\n47DEQpj8HBSa+/TImW+5JA==\n",
        "mappa.example/ledger/north\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
        "mappa.example/ledger/north\n0\n",
        "mappa.example/ledger/north\n0\n\n",
        "mappa.example/ledger/north\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_ledger_is_refused(text: str) -> None:
    private = Ed25519PrivateKey.from_private_bytes(SIGNER.seed)
    with pytest.raises(NoteRefused):
        open_checkpoint(note.sign(text, SIGNER.origin, private), SIGNER.known, SIGNER.origin)


def test_a_former_key_counts_for_what_it_signed_and_a_strangers_never_did() -> None:
    new = LedgerSigner(SIGNER.origin, b"\x02" * 32, former=(SIGNER.seed,))
    signed = SIGNER.sign(0, tree.EMPTY_ROOT)
    assert open_checkpoint(signed, new.ever, new.origin).size == 0
    with pytest.raises(NoteRefused):
        open_checkpoint(signed, new.known, new.origin)
    with pytest.raises(NoteRefused):
        open_checkpoint(new.sign(0, tree.EMPTY_ROOT), SIGNER.known, SIGNER.origin)
