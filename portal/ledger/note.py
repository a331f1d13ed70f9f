"""Signed notes, C2SP signed-note v1: text, an empty line, signature lines.

Only Ed25519 (signature type 1).  Lines of keys we do not know are passed over, as the format asks,
so that witnesses may add theirs; a line that claims a known key must hold, or the whole note is
refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from portal.ledger.errors import NoteRefused

_ED25519 = b"\x01"
_LARGEST = 256 * 1024
_MOST_SIGNATURES = 64
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class Verifier:
    """A key that signatures are checked with: its name, and 32 bytes of Ed25519 public key."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(mark.isspace() for mark in self.name):
            raise NoteRefused("a key's name has no space and no plus")
        if _CONTROL.search(self.name) or len(self.public) != 32:
            raise NoteRefused("not an Ed25519 verifier key")

    @property
    def key_id(self) -> bytes:
        """Four bytes by which signature lines name this key; a label, not a proof."""
        named = self.name.encode("utf-8") + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one line of text: ``name+key id+type and key``."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"


def read_vkey(text: str) -> Verifier:
    """Read a verifier key from its line of text; raises NoteRefused."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise NoteRefused("a verifier key has three parts")
    encoded = read_base64(parts[2])
    if encoded[:1] != _ED25519:
        raise NoteRefused("not an Ed25519 verifier key")
    verifier = Verifier(parts[0], encoded[1:])
    if verifier.key_id.hex() != parts[1]:
        raise NoteRefused("the verifier key does not match its key id")
    return verifier


def sign(text: str, name: str, *privates: Ed25519PrivateKey) -> str:
    """Return the note of ``text`` (whole lines) signed under ``name`` by each of these keys.

    Raises NoteRefused.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteRefused("a note is made of whole lines without control characters")
    lines = []
    for private in privates:
        verifier = Verifier(name, private.public_key().public_bytes_raw())
        signature = verifier.key_id + private.sign(text.encode("utf-8"))
        lines.append(f"\u2014 {name} {_base64(signature)}\n")
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, known: Sequence[Verifier]) -> str:
    """Return the text of ``note`` when a known key signed it; raises NoteRefused otherwise."""
    return signed_by(note, known)[0]


def signed_by(note: str, known: Sequence[Verifier]) -> tuple[str, frozenset[Verifier]]:
    """Return the same, and which of the known keys signed it."""
    if len(note) > _LARGEST or _CONTROL.search(note):
        raise NoteRefused("not a note")
    body, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteRefused("the note has no signatures")
    lines = signatures[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteRefused("the note has too many signatures")
    text = body + "\n"
    by_label = {(verifier.name, verifier.key_id): verifier for verifier in known}
    proven = set()
    for line in lines:
        name, signature = _signature_line(line)
        verifier = by_label.get((name, signature[:4]))
        if verifier is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.public).verify(
                signature[4:], text.encode("utf-8")
            )
        except InvalidSignature as error:
            raise NoteRefused(f"the signature of {name} does not hold") from error
        proven.add(verifier)
    if not proven:
        raise NoteRefused("no known key signed the note")
    return text, frozenset(proven)


def read_base64(text: str) -> bytes:
    """Read standard base64 in its one exact form; raises NoteRefused."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NoteRefused("not base64") from error
    if _base64(raw) != text:
        raise NoteRefused("not base64 in its one form")
    return raw


def _signature_line(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
        raise NoteRefused("not a signature line")
    signature = read_base64(parts[2])
    if len(signature) < 5:
        raise NoteRefused("a signature is longer than that")
    return parts[1], signature


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
