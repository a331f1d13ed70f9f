"""Whole age files: a header for some recipients, then one payload."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from portal.crypto.age.armor import ArmorReader, skip_to_armor
from portal.crypto.age.errors import MalformedHeader, NotForYou, Refused
from portal.crypto.age.format import (
    FILE_KEY_SIZE,
    FOREIGN_HEADER_LIMIT,
    Header,
    read_header,
    write_header,
)
from portal.crypto.age.keys import Identity, Recipient
from portal.crypto.age.source import Readable, Source
from portal.crypto.age.stream import Write, open_stream, seal_stream


def header_for_all(file_key: bytes, recipients: Iterable[Recipient]) -> bytes:
    """A header with one stanza for each recipient.

    Raises `Refused` where hybrid and X25519 recipients are mixed: one classic stanza would void
    the post-quantum protection for everyone.
    """
    recipients = tuple(recipients)
    if len({r.post_quantum for r in recipients}) > 1:
        raise Refused("post-quantum and classic recipients must not be mixed in one file")
    return write_header(file_key, tuple(r.wrap(file_key) for r in recipients))


def unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    """The file key of this header, checked against its MAC.

    Raises `NotForYou`, `DamagedHeader`, `MalformedHeader`, and `Refused` for passphrase files:
    opening one costs whatever its sender likes, and tells nothing about who sealed it.
    """
    if any(stanza.arguments[0] == "scrypt" for stanza in header.stanzas):
        if len(header.stanzas) > 1:
            raise MalformedHeader("a passphrase must be the only recipient of a file")
        raise Refused("this file is sealed with a passphrase; the portal takes none of these")
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is None:
                continue
            header.check(file_key)
            return file_key
    raise NotForYou("none of these identities opens this file")


def encrypt_stream(reader: Readable, write: Write, recipients: Iterable[Recipient]) -> int:
    """Seals everything in `reader` to `recipients`, in constant memory; returns the clear size."""
    file_key = secrets.token_bytes(FILE_KEY_SIZE)
    write(memoryview(header_for_all(file_key, recipients)))
    return seal_stream(Source(reader), write, file_key)


def decrypt_stream(
    reader: Readable,
    write: Write,
    identities: Sequence[Identity],
    header_limit: int = FOREIGN_HEADER_LIMIT,
) -> int:
    """Opens an age file, binary or armoured, in constant memory; returns the clear size.

    What was written is authentic and a beginning of the clear text, even where this then raises
    an `AgeError`; nothing else is ever written.
    """
    source = Source(reader)
    if skip_to_armor(source):
        source = Source(ArmorReader(source))
    file_key = unwrap(read_header(source, header_limit), identities)
    return open_stream(source, write, file_key)
