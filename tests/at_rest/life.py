"""Weeks in the life of a real installation, and every secret that was handled in them."""

from __future__ import annotations

import logging
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from portal import migrating
from portal.chance import new_id
from portal.cli.ceremony import Ceremony
from portal.clock import FixedClock
from portal.crypto import serverkeys
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.fields import seal_field
from portal.crypto.keyring import seal_keyring
from portal.crypto.kit import Kit, read_back
from portal.crypto.unlock import from_passkey
from portal.demo.cast import CASES
from portal.demo.company import Company, assemble
from portal.demo.scenes import INVITED, WEEKS_BEFORE, play
from portal.documents.refusal import RefusedPaper
from portal.domain.disclosures import LawfulBasis, Least
from portal.domain.restricted import Concern
from portal.domain.weighing import Approval, Weighing
from portal.jobs import outbox
from portal.journeys.disclosure.decide_disclosure import decide_disclosure
from portal.journeys.disclosure.deciding import deciding
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.take_back import take_back
from portal.journeys.keep_draft import keep_own_draft
from portal.journeys.keys.renew_kit import renew_kit
from portal.journeys.keys.unit_of import open_unit_of_case
from portal.journeys.meetings.open_case import NewCase
from portal.journeys.minutes.record_duty import record_duty
from portal.journeys.own_account.passkey_ceremony import signed_by
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.restricted.open_restricted import open_restricted
from portal.journeys.running.back_up import Kept, back_up
from portal.records import disclosures, meetings, minutes, passkeys, sendings
from portal.records.database import open_engine, reading, writing
from portal.settings import in_folder
from portal.wiring import Wiring, wire
from tests.documents.making import plain

AGO = timedelta(hours=2)
"""The last thing that happened was so long ago: a server that is started now believes its clock."""

TYPED: Mapping[str, str] = {
    "why more time": "She was at the Zanzibar inquest all week and could not read it.",
    "why taken back": "It went to the wrong Quillfeather; ring her at once about it.",
    "duty": "She must consider the Oystercatcher placement before the next review.",
    "necessity": "Without it the assessor repeats the Marmoset interview that failed.",
    "proportionality": "One set of minutes to one Pemberwick nurse, for a fortnight only.",
    "risk of disclosing": "Word might reach the Thistledown household, who would move.",
    "risk of withholding": "The Halberd clinic would treat him beside the child he harmed.",
    "consulted": "The prison agrees, provided that the Kingfisher wing is not named.",
    "draft": "Half a sentence about Wolfsbane Terrace that was never sent",
    "uploaded and not confirmed": "Gannetshore hostel confirmed the curfew breach",
    "restricted": "Marigold Peverell-Ashgrove",
    "refused": "Sandmartin lane report in a file that is no report",
}
"""What somebody typed or uploaded; each has a word that stands nowhere else."""


RESTRICTED_BORN = date(1971, 4, 23)

SHORTEST = 6
"""Letters below which a word may stand in random bytes by chance."""


@dataclass
class Life:
    """The folder of the installation, where it kept things meanwhile, and who is in it."""

    wiring: Wiring
    company: Company
    folder: Path
    log: Path
    backups: Path
    kit: Path
    sheets: tuple[str, ...] = field(default=(), repr=False)
    prf: bytes = field(default=b"", repr=False)
    secrets: dict[str, str | bytes] = field(default_factory=dict, repr=False)


def live(folder: Path) -> Life:
    """The scenes of the demonstration, then whatever else people type; real store, real mail.

    Everything that is written to a temporary folder meanwhile lands in `temporary`, and every
    line that is logged in `log`.
    """
    data, log, temporary = folder / "data", folder / "log.txt", folder / "temporary"
    temporary.mkdir()
    noted = logging.FileHandler(log)
    noted.setLevel(logging.DEBUG)
    root = logging.getLogger()
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    level = root.level
    root.addHandler(noted)
    root.setLevel(logging.DEBUG)
    try:
        return _live(data, log)
    finally:
        root.removeHandler(noted)
        root.setLevel(level)
        noted.close()
        tempfile.tempdir = before


def _live(data: Path, log: Path) -> Life:
    data.mkdir(mode=0o700)
    settings = in_folder(data, "http://localhost:5000")
    serverkeys.create(settings.keys, development=True)
    engine = open_engine(settings.database)
    migrating.upgrade(engine)
    engine.dispose()
    today = datetime.now(UTC).replace(microsecond=0) - AGO
    clock = FixedClock(today - WEEKS_BEFORE)
    wiring = wire(settings, clock)
    company = assemble(wiring.house, clock, lambda _line: None)
    play(company, clock, today, lambda _line: None)
    clock.set(max(today, clock.now()))
    life = Life(wiring, company, data, log, data.parent / "backups", data / "recovery-kit")
    _type(life)
    _add_passkey(life)
    _back_up(life)
    while outbox.job(wiring.house, wiring.sender, wiring.writer).work():
        pass
    life.secrets |= _secrets(life)
    return life


def _type(life: Life) -> None:
    """Every form that takes a text, once."""
    company, house = life.company, life.wiring.house
    helen = company.who("helen")
    area_id = helen.actor.area_id
    with reading(house.engine) as db:
        sent = {s.kind.value: s for s in sendings.sendings_in(db, area_id)}
        first = sendings.sendings_in(db, area_id)[0]
        granted = {
            g.person_id: g for g in sendings.grants_of_sending(db, area_id, sent["minutes"].id)
        }
        asked = disclosures.in_area(db, area_id)[0]
        digest = deciding(house, db, area_id, asked.id).digest
        slot = meetings.load_slot(db, area_id, first.slot_id)
        filed = minutes.load(db, area_id, first.slot_id)
    assert slot is not None
    assert filed is not None
    weighing = Weighing(
        TYPED["necessity"], TYPED["proportionality"], TYPED["risk of disclosing"],
        TYPED["risk of withholding"],
    )  # fmt: skip
    approval = Approval(weighing, LawfulBasis.CDA_115, Least.THIS_PAPER, 14, TYPED["consulted"], "")
    decide_disclosure(house, helen, asked.id, approval, digest, company.code("helen"))
    helen = company.who("helen")
    mark = granted[company.members["mark"].person_id]
    until = life.company.clock.now() + timedelta(days=150)
    give_more_time(house, helen, mark.id, until, TYPED["why more time"])
    joe = company.members["joe"].person_id
    record_duty(house, helen, first.slot_id, joe, TYPED["duty"], until)
    alan = company.members["alan"].person_id
    take_back(house, helen, sent["minutes"].id, TYPED["why taken back"], alan)
    keep_own_draft(house, company.who("carys"), "/agency/", TYPED["draft"].encode())
    _upload(life)


def _restrict(life: Life) -> None:
    """A case that only Helen and Tom hold, with a key of its own."""
    company, house = life.company, life.wiring.house
    held = [company.members[name].person_id for name in ("helen", "tom")]
    new = NewCase(
        "NM/2026/090", company.agencies["probation"], 2, 2, TYPED["restricted"], RESTRICTED_BORN
    )
    case = open_restricted(house, company.who("helen"), new, Concern.FAMILY, held)
    with reading(house.engine) as db:
        unit = open_unit_of_case(house, db, company.who("helen"), case.id).key
    life.secrets["the restricted case's seed"] = unit.identity


def _upload(life: Life) -> None:
    company, house = life.company, life.wiring.house
    helen = company.who("helen")
    with reading(house.engine) as db:
        days = meetings.days_of(db, helen.actor.area_id)
        slots = meetings.slots_of_day(db, helen.actor.area_id, days[-1].id)
    due = (company.clock.now() + timedelta(days=2)).date()
    asked = ask_for_report(house, helen, slots[1].id, company.agencies["police"], "update", due)
    carys = company.who("carys")
    words = TYPED["uploaded and not confirmed"].encode()
    examine_report(house, carys, asked.request.id, plain(b"BT (" + words + b") Tj ET"))
    try:
        examine_report(house, carys, asked.request.id, TYPED["refused"].encode() * 40)
    except RefusedPaper:
        return
    raise AssertionError("a text file was taken for a report")


def _add_passkey(life: Life) -> None:
    """Ruth's, which opens her papers: only what its pseudo-random function gives is made up."""
    house, ruth = life.wiring.house, life.company.signed_in["ruth"]
    life.prf = secrets.token_bytes(32)
    key, made = from_passkey(life.prf, ruth.actor.person_id).recipient().raw, new_id()
    name = seal_field(house.server_keys.field_key, b"laptop", "passkeys", "name", made)
    sealed, at = seal_keyring(ruth.keyring, [key]), life.company.clock.now()
    row = passkeys.Passkey(
        made, ruth.actor.area_id, ruth.actor.person_id, name, b"credential", b"public", 0, key,
        sealed, b"", at, at,
    )  # fmt: skip
    with writing(house.engine) as db:
        passkeys.save(db, replace(row, signature=signed_by(ruth.keyring, row)))
        db.commit()


def _back_up(life: Life) -> None:
    """A recovery kit whose sheets leave the machine, a case that is sealed to it too, then a backup
    beside the installation."""
    house, helen = life.wiring.house, life.company.who("helen")
    with reading(house.engine) as db:
        unit = helen.unit(db)
    ceremony = Ceremony(life.folder, "Northmere", 2, None, None)

    def hand_out(kit: Kit) -> Sequence[str]:
        ceremony.keep_files(kit)
        life.sheets = tuple(kit.identities)
        return kit.identities[1:]

    kit = renew_kit(house, helen.actor.area_id, unit, 2, 3, hand_out)
    sheets = [HybridIdentity(text) for text in kit.identities[:2]]
    opened = read_back([file.body for file in kit.files], sheets)
    _restrict(life)
    kept = Kept(
        life.wiring.settings.keys, b"PORTAL_MODE=development\n", life.kit,
        opened.backups.recipient().raw, migrating.revision(house.engine),
    )  # fmt: skip
    back_up(house, kept, life.backups, life.backups / "keys", migrating.upgrade)


def _secrets(life: Life) -> dict[str, str | bytes]:
    """What must stand nowhere: names, days of birth, texts, and all that opens anything."""
    found: dict[str, str | bytes] = dict(TYPED)
    for case in CASES:
        found[f"name of {case.key}"] = case.name
        surname = case.name.split()[1]
        if len(surname) >= SHORTEST:
            found[f"surname of {case.key}"] = surname
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%-d %B %Y", "%d %m %Y"):
            found[f"birth of {case.key} as {form}"] = case.born.strftime(form)
    for name, (_capacity, reason) in INVITED.items():
        found[f"why {name} is invited"] = reason
    found["purpose"] = "should not repeat what failed before"
    found["need"] = "has no other account of it"
    found["a word of a report"] = "unauthorised telephone"
    for name, member in life.company.members.items():
        keyring = life.company.signed_in[name].keyring
        found[f"passphrase of {name}"] = member.passphrase
        found[f"code app of {name}"] = member.totp_secret
        found[f"recovery code of {name}"] = member.recovery_code
        found[f"recovery code of {name}, joined"] = member.recovery_code.replace("-", "")
        found[f"identity of {name}"] = member.identity
        found[f"signing seed of {name}"] = keyring.signing_seed
        for number, seed in enumerate(keyring.seeds):
            found[f"seed {number} of {name}"] = seed
    found["what a passkey gives"] = life.prf
    for number, sheet in enumerate(life.sheets, 1):
        found[f"sheet {number} of the kit"] = sheet
    helen = life.company.who("helen")
    with reading(life.wiring.house.engine) as db:
        found["the unit's seed"] = helen.unit(db).identity
    return found
