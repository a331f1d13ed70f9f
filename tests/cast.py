"""Who is in the tests' world, and their secrets: made once a run, for every world of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from portal.chance import new_id
from portal.crypto import backup_codes
from portal.crypto.keyring import Keyring, new_keyring, seal_keyring
from portal.crypto.recovery_code import new_recovery_code, parse_recovery_code
from portal.crypto.serverkeys import ServerKeys
from portal.crypto.unlock import DEFAULT, from_passphrase, from_recovery_code
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Role, Service, Standing
from portal.identity import totp
from portal.journeys.signing_in.unlocking import signed
from portal.records import keys

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

AGENCIES = {
    "probation": ("Probation Service", Standing.RESPONSIBLE_AUTHORITY, Service.PROBATION),
    "police": ("Northmere Police", Standing.RESPONSIBLE_AUTHORITY, Service.POLICE),
    "prison": ("HMP Elmsworth", Standing.RESPONSIBLE_AUTHORITY, Service.PRISON),
    "social_care": ("Northmere Adult Social Care", Standing.DUTY_TO_COOPERATE, Service.SOCIAL_CARE),
    "housing": ("Northmere Homes", Standing.DUTY_TO_COOPERATE, Service.HOUSING),
    "health": ("Northmere Health Trust", Standing.DUTY_TO_COOPERATE, Service.HEALTH),
}

_AGENCY = frozenset({Role.ATTENDEE, Role.CONTACT})

CAST: Mapping[str, tuple[str, str, str, frozenset[Role]]] = {
    "helen": ("Helen Marsh", "probation", "Co-ordinator", frozenset({Role.COORDINATOR})),
    "tom": ("Tom Adair", "probation", "Deputy co-ordinator", frozenset({Role.DEPUTY})),
    "priya": ("Priya Nand", "probation", "Administrator", frozenset({Role.ADMINISTRATOR})),
    "alan": ("Alan Reeve", "police", "Superintendent", frozenset({Role.CHAIR, Role.ATTENDEE})),
    "adeyemi": (
        "Sola Adeyemi",
        "prison",
        "Custody manager",
        _AGENCY,
    ),
    "carys": (
        "Carys Bevan",
        "police",
        "Detective sergeant",
        _AGENCY,
    ),
    "ruth": (
        "Ruth Okell",
        "social_care",
        "Social worker",
        _AGENCY,
    ),
    "joe": ("Joe Tarn", "housing", "Housing officer", _AGENCY),
    "grace": ("Grace Lund", "health", "Clinical lead", _AGENCY | {Role.SPOC}),
    "mark": ("Mark Pell", "probation", "Probation officer", frozenset({Role.ATTENDEE})),
    "sian": ("Sian Frost", "probation", "Auditor", frozenset({Role.AUDITOR})),
    "dev": ("Dev Anand", "probation", "Operator", frozenset({Role.OPERATOR})),
    "una": ("Una Berg", "housing", "Housing manager", frozenset({Role.ATTENDEE})),
    "newcomer": ("Nia Comer", "health", "Nurse", frozenset({Role.ATTENDEE})),
}
"""Short name -> name, agency, job, roles. `una` has joined but nobody has confirmed her key;
`newcomer` is invited and has not joined."""

UNCONFIRMED = frozenset({"una"})
INVITED = frozenset({"newcomer"})
WITH_CODES = frozenset({"helen", "ruth"})
"""Who has three backup codes; everybody else has one."""


@dataclass(frozen=True)
class Secrets:
    """What one person of the cast knows and has."""

    person_id: PersonId
    email: str
    passphrase: str
    totp_secret: str
    recovery_code: str
    backup_codes: tuple[str, ...]
    keyring: Keyring = field(repr=False)
    sealed: bytes = field(repr=False)
    unlocks: tuple[keys.Unlock, ...] = field(repr=False)
    salt: bytes = field(repr=False)
    code_hashes: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True)
class Made:
    """What is made once a run: the server's keys, and everybody's secrets."""

    keys: ServerKeys
    cast: dict[str, Secrets]


_MADE: list[Made] = []


def made() -> Made:
    """What this process uses: of the run where `use_made` was called, else its own."""
    if not _MADE:
        own = ServerKeys(
            peppers={1: secrets.token_bytes(32)},
            sessions={1: secrets.token_bytes(32)},
            fields={1: secrets.token_bytes(32)},
            ledgers={1: secrets.token_bytes(32)},
            development=True,
        )
        _MADE.append(Made(own, {name: _secrets(name, own.pepper()) for name in CAST}))
    return _MADE[0]


def use_made(by_another: Made) -> None:
    """Use what another worker of this run has made."""
    _MADE[:] = [by_another]


def server_keys() -> ServerKeys:
    """The server's keys of every world of this run."""
    return made().keys


def write_keys(folder: Path) -> None:
    """The same as files, as `portal init` leaves them."""
    folder.mkdir(mode=0o700)
    own = server_keys()
    singles = {"session": own.session, "field": own.field_key, "ledger": own.ledger_seed}
    for name, key in {**singles, "pepper-1": own.pepper()}.items():
        file = folder / name
        file.write_text(f"portal-key v1 development\n{key.hex()}\n")
        file.chmod(0o600)


def cast() -> Mapping[str, Secrets]:
    """The secrets of everybody."""
    return made().cast


def _secrets(name: str, pepper: bytes) -> Secrets:
    person_id = PersonId(new_id())
    passphrase = f"{name} lantern quarry mostly velvet {secrets.token_hex(3)}"
    salt, code_salt = secrets.token_bytes(16), secrets.token_bytes(16)
    recovery = new_recovery_code()
    by_passphrase = from_passphrase(passphrase, salt, pepper, person_id).recipient().raw
    by_recovery = from_recovery_code(parse_recovery_code(recovery), person_id).recipient().raw
    keyring = new_keyring()
    codes = tuple(backup_codes.new_codes(3 if name in WITH_CODES else 1))

    def unlock(kind: keys.UnlockKind, recipient: bytes) -> keys.Unlock:
        made = keys.Unlock(
            id=new_id(),
            area_id=AreaId(""),
            person_id=person_id,
            kind=kind,
            recipient=recipient,
            salt=salt,
            memory_kib=DEFAULT.memory_kib,
            iterations=DEFAULT.iterations,
            lanes=DEFAULT.lanes,
            pepper_version=1,
            made_at=START,
        )
        return signed(made, keyring)

    return Secrets(
        person_id=person_id,
        email=f"{name}@northmere.example",
        passphrase=passphrase,
        totp_secret=totp.new_secret(),
        recovery_code=recovery,
        backup_codes=codes,
        keyring=keyring,
        sealed=seal_keyring(keyring, [by_passphrase, by_recovery]),
        unlocks=(
            unlock(keys.UnlockKind.PASSPHRASE, by_passphrase),
            unlock(keys.UnlockKind.RECOVERY, by_recovery),
        ),
        salt=code_salt,
        code_hashes=tuple(backup_codes.hash_code(code, code_salt, pepper) for code in codes),
    )
