"""Sealing a document version: one payload, and one header for each recipient.

Header + payload, joined, is a valid age file for that recipient, which the ordinary program
opens.  A file key belongs to one payload for ever; a new version has its own.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence

from portal.crypto.age.errors import MalformedHeader, Refused
from portal.crypto.age.files import decrypt_stream, encrypt_stream, header_for_all, unwrap
from portal.crypto.age.format import FILE_KEY_SIZE, read_header, write_header
from portal.crypto.age.keys import Identity, Recipient, recipient
from portal.crypto.age.source import Source
from portal.crypto.age.stream import open_whole, seal_stream
from portal.domain.sealed import Sealed, sealed_by_crypto

# Texts that the portal seals itself may name a whole area: about 600 hybrid recipients.
_OWN_HEADER_LIMIT = 1024 * 1024


def new_file_key() -> bytes:
    """16 random bytes, for one payload and never for another."""
    return secrets.token_bytes(FILE_KEY_SIZE)


def seal_payload(file_key: bytes, clear: bytes) -> Sealed:
    """The payload of `clear` under `file_key`, as the type that storage accepts."""
    out = io.BytesIO()
    seal_stream(Source(io.BytesIO(clear)), out.write, file_key)
    return sealed_by_crypto(out.getvalue(), len(clear))


def header_for(file_key: bytes, to: Recipient | bytes) -> bytes:
    """The header that gives `file_key` to one recipient (or its raw public key) alone.

    Raises `BadKey` on bytes that are no key.
    """
    return header_for_all(file_key, [recipient(to) if isinstance(to, bytes) else to])


def open_header(header: bytes, identities: Sequence[Identity]) -> bytes:
    """The file key in `header`; raises an `AgeError` (`NotForYou`, `DamagedHeader`, ...)."""
    source = Source(io.BytesIO(header))
    file_key = unwrap(read_header(source), identities)
    if source.read(1):
        raise MalformedHeader("something follows this header")
    return file_key


def open_payload(file_key: bytes, body: bytes) -> bytes:
    """The clear text of a payload.  All of it was authenticated, or nothing is returned.

    Raises `DamagedPayload`, or `MalformedHeader` where not even a nonce is there.
    """
    return open_whole(body, file_key)


def seal_text(clear: bytes, recipients: Sequence[Recipient | bytes]) -> bytes:
    """A whole small age file, one stanza for each recipient (or raw public key).

    Raises `Refused` where hybrid and X25519 recipients are mixed, `BadKey` on bytes that are no
    key, ValueError without any recipient.
    """
    keys = [recipient(to) if isinstance(to, bytes) else to for to in recipients]
    out = io.BytesIO()
    encrypt_stream(io.BytesIO(clear), out.write, keys)
    return out.getvalue()


def open_text(blob: bytes, identities: Sequence[Identity]) -> bytes:
    """The clear text of an age file of `seal_text`; whole, or an `AgeError` is raised."""
    out = io.BytesIO()
    decrypt_stream(io.BytesIO(blob), out.write, identities, _OWN_HEADER_LIMIT)
    return out.getvalue()


def reseal_text(blob: bytes, former: Sequence[Identity], to: bytes) -> bytes:
    """The same file for one reader's new key (raw): the stanzas that their former identities open
    give way to one for `to`; everybody else's, and the text, stay as they are.

    Raises an `AgeError`: `NotForYou` where none of `former` opens it, `Refused` where a classic
    recipient stands beside a hybrid one.
    """
    source = Source(io.BytesIO(blob))
    header = read_header(source, _OWN_HEADER_LIMIT)
    file_key = unwrap(header, former)
    new = recipient(to).wrap(file_key)
    others = [
        stanza
        for stanza in header.stanzas
        if all(identity.unwrap(stanza) is None for identity in former)
    ]
    if any(stanza.arguments[0] != new.arguments[0] for stanza in others):
        raise Refused("post-quantum and classic recipients must not be mixed in one file")
    payload = b"".join(iter(lambda: source.read(len(blob)), b""))
    return write_header(file_key, (new, *others)) + payload
