"""The recovery kit: any k of n custodians recover the unit's key, with no portal at all.

For each choice of k custodians there is one file: an identity file, sealed to the last of them,
that sealed to the one before, and so on.  It holds the identities of the unit, now and before, and
one of the kit's own, to which backups of the server's keys are sealed, so that no member of the
unit opens those.  A key that the unit is given later is sealed to the kit's own as well.
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
from portal.crypto.age.hybrid import HybridIdentity, HybridRecipient
from portal.crypto.age.keys import Identity, identities_in
from portal.crypto.sealing import open_text, seal_text
from portal.crypto.unit import BadUnitKey, UnitKey, identity_file, read_identity_file, unit_of

_MOST_FILES = 35
UNIT_NOW = "unit-now.age"
CASE = "case-{}.age"
"""The keys of restricted cases in the same place, numbered."""
"""The unit's newest key in the kit's folder of a backup, where it was changed since the kit."""


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


def unit_for_kit(unit: UnitKey, backup_key: bytes) -> bytes:
    """The unit's key after a change, for the custodians of a kit made before: an age file for the
    kit's own key (raw), so that their sheets go on being enough."""
    return seal_text(identity_file(unit), [HybridRecipient(backup_key)])


def unit_now(opened: Opened, sealed: bytes) -> UnitKey:
    """The key in `unit_for_kit`. Raises an `AgeError`, or `BadUnitKey`. Compare its public key with
    the ledger's."""
    return read_identity_file(open_text(sealed, [opened.backups]))


def _layer(clear: bytes, custodian: HybridIdentity) -> bytes:
    out = io.BytesIO()
    armor = ArmorWriter(out.write)
    encrypt_stream(io.BytesIO(clear), armor.write, [custodian.recipient()])
    armor.close()
    return out.getvalue()


def _both(clear: bytes) -> Opened:
    try:
        *unit, backups = identities_in(clear.decode("ascii").splitlines())
    except (AgeError, UnicodeDecodeError):
        raise BadUnitKey("this kit does not hold the keys of a unit") from None
    if not isinstance(backups, HybridIdentity):
        raise BadUnitKey("this kit does not hold the keys of a unit")
    return Opened(unit_of(unit), backups)


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

4. If the unit's key was changed after this kit was made, the folder of the kit in a newer backup
   holds {UNIT_NOW}. It gives the key that later papers are sealed to, and the former ones:

   age -d -i unit-key.txt {UNIT_NOW} > unit-now.txt

   Restricted cases have keys of their own. They lie in the same place, each in a file:

   age -d -i unit-key.txt {CASE.format(1)} > case-1.txt

5. Destroy unit-key.txt, unit-now.txt, case-1.txt and so on, and the custodian files when you have
   finished. If the sheets were used, make a new key for the unit and a new kit.
"""
