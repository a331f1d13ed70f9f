"""The recovery kit: any k of n custodians recover the unit's key, with no portal at all.

For each choice of k custodians there is one file: an identity file, sealed to the last of them,
that sealed to the one before, and so on.  It holds two identities: the unit's, and one of the kit's
own to which backups of the server's keys are sealed, so that no member of the unit opens those.
Each layer is an ordinary age file, so the age program (1.3 or later) recovers the key, a layer a
custodian.  Secret sharing would make smaller kits, but needs a program of its own on the day when
the portal is gone; here the number of files is the price, and for the sizes in use it is small: 3
files for 2 of 3, 10 for 3 of 5.

Fewer than k custodians can take off outer layers at most: the last layer of every file is sealed
to somebody who is not among them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb

from portal.crypto.age.armor import ArmorWriter
from portal.crypto.age.errors import AgeError, NotForYou
from portal.crypto.age.files import encrypt_stream
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.keys import Identity, identities_in
from portal.crypto.sealing import open_text
from portal.crypto.unit import BadUnitKey, UnitKey, identity_file

_MOST_FILES = 35


@dataclass(frozen=True, slots=True)
class KitFile:
    """One armoured file, and the numbers of the custodians who open it, outermost first."""

    name: str
    custodians: tuple[int, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Kit:
    """`identities`: one age identity text a custodian, to be printed and then forgotten here.

    `files` are not secret and go to every custodian; `instructions` say how the plain age program
    recovers the keys. `backup_key` is the raw public key (1216 bytes) for backups.
    """

    identities: tuple[str, ...] = field(repr=False)
    files: tuple[KitFile, ...]
    instructions: str
    backup_key: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """What k custodians have in their hands: the unit's key, and the one that opens backups."""

    unit: UnitKey
    backups: HybridIdentity = field(repr=False)


def make_kit(unit: UnitKey, k: int, n: int) -> Kit:
    """A kit for `n` custodians of whom any `k` suffice.

    Raises ValueError unless 2 <= k <= n and there are at most 35 files: one custodian alone must
    recover nothing.
    """
    if not 2 <= k <= n or comb(n, k) > _MOST_FILES:
        raise ValueError("a kit needs at least two of its custodians, and at most 35 files")
    custodians, backups = [HybridIdentity() for _ in range(n)], HybridIdentity()
    files = []
    for chosen in combinations(range(1, n + 1), k):
        body = identity_file(unit) + f"{backups}\n".encode()
        for number in reversed(chosen):
            body = _layer(body, custodians[number - 1])
        name = "unit-key-" + "-".join(str(number) for number in chosen) + ".age"
        files.append(KitFile(name, chosen, body))
    texts = tuple(str(custodian) for custodian in custodians)
    public = backups.recipient().raw
    return Kit(texts, tuple(files), _instructions(k, n, files[0]), public)


def read_back(files: Sequence[bytes], identities: Sequence[Identity]) -> Opened:
    """What is in the kit, from its files and the identities of k custodians, in any order.

    Raises `NotForYou` where they are too few, another `AgeError` where a file is damaged and no
    other one helps, `BadUnitKey` where one holds something else.  Compare both public keys with
    those in the ledger.
    """
    failure: AgeError = NotForYou("these custodians are too few, or not of this kit")
    for body in files:
        try:
            return _both(_all_layers(body, identities))
        except NotForYou:
            continue
        except AgeError as error:
            failure = error
    raise failure


def _layer(clear: bytes, custodian: HybridIdentity) -> bytes:
    out = io.BytesIO()
    armor = ArmorWriter(out.write)
    encrypt_stream(io.BytesIO(clear), armor.write, [custodian.recipient()])
    armor.close()
    return out.getvalue()


def _both(clear: bytes) -> Opened:
    try:
        unit, backups = identities_in(clear.decode("ascii").splitlines())
    except (AgeError, UnicodeDecodeError, ValueError):
        raise BadUnitKey("this kit does not hold the keys of a unit") from None
    if not isinstance(unit, HybridIdentity) or not isinstance(backups, HybridIdentity):
        raise BadUnitKey("this kit does not hold the keys of a unit")
    return Opened(UnitKey(unit.raw), backups)


def _all_layers(body: bytes, identities: Sequence[Identity]) -> bytes:
    while not body.startswith(b"AGE-SECRET-KEY-"):
        body = open_text(body, identities)
    return body


def _instructions(k: int, n: int, example: KitFile) -> str:
    steps = " | ".join(
        f"age -d -i custodian-{number}.txt" + (f" {example.name}" if position == 0 else "")
        for position, number in enumerate(example.custodians)
    )
    who = ", ".join(str(number) for number in example.custodians)
    return f"""Recovering the key of the co-ordination unit without the portal

Any {k} of the {n} custodians are needed. Use the program age, version 1.3 or later
(https://age-encryption.org), on a computer that is not connected to anything.

1. Each custodian types the line AGE-SECRET-KEY-PQ-1... from their sheet into a file of its own:
   custodian-1.txt for custodian 1, and so on.
2. Take the file whose name holds the numbers of those present. For custodians {who}:

   {steps} > unit-key.txt

   The numbers are opened from left to right, as they stand in the file's name.
3. unit-key.txt now opens every paper of the area, and the server's keys of its backups:

   age -d -i unit-key.txt paper.age > paper.pdf
   age -d -i unit-key.txt backup-keys.age | tar -x

4. Destroy unit-key.txt and the custodian files when you have finished. If the sheets were used,
   make a new key for the unit and a new kit.
"""
