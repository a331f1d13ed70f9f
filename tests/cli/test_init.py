"""`portal init` from nothing: a whole area with a coordinator in it, or nothing at all."""

from __future__ import annotations

import os
import pty
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import mintotp
import pytest
from click.testing import Result

from portal.cli.installation import settings_of
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.kit import read_back
from portal.domain.people import Account, Role
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.ledger import verify
from portal.records import areas, people
from portal.records.database import open_engine, reading
from portal.wiring import wire
from tests.backup.test_while_people_work import dies
from tests.cli.installed import ANSWERS, PASSPHRASE, Installed, init, places, run

HERE = Source("127.0.0.1")


def opened(at: Installed) -> int:
    """How many areas there are."""
    engine = open_engine(f"sqlite:///{at.data / 'portal.db'}")
    with reading(engine) as db:
        found = len(areas.all_areas(db))
    engine.dispose()
    return found


def test_the_first_coordinator_signs_in_and_holds_the_units_key(installed: Installed) -> None:
    house = wire(settings_of(installed.data)).house
    half = recall(house, give_passphrase(house, ANSWERS["--email"], PASSPHRASE, HERE))
    assert isinstance(half, Recalled)
    secret = installed.secret.read_text().strip()
    # The code of the coming step: that of now was spent when the app was set.
    later = int(house.clock.now().timestamp()) + 30
    whole = give_code(house, half, mintotp.hotp(secret, later // 30), HERE, shared=False)
    found = recall(house, whole.secret)
    assert isinstance(found, Recalled)
    who = found.who()
    with reading(house.engine) as db:
        unit = unit_recipient(house, db, who.actor.area_id)
        assert who.unit(db).recipient() == unit.recipient
        assert set(confirmed_keys(house, db, who.actor.area_id)) == {who.actor.person_id}
        person = people.by_id(db, who.actor.person_id)
        area = areas.all_areas(db)[0]
        audit = verify.audit(db, area.id, area.ledger_vkey)
    assert person is not None
    assert (person.account, person.roles) == (Account.ENROLLED, {Role.COORDINATOR})
    assert audit.first_bad is None
    house.engine.dispose()


def test_any_two_custodians_recover_the_units_key_with_the_kit_alone(made: Installed) -> None:
    files = [path.read_bytes() for path in (made.data / "recovery-kit").glob("*.age")]
    sheets = [
        HybridIdentity(path.read_text().splitlines()[1]) for path in sorted(made.sheets.iterdir())
    ]
    house = wire(settings_of(made.data)).house
    with reading(house.engine) as db:
        public = unit_recipient(house, db, areas.all_areas(db)[0].id).recipient
    house.engine.dispose()
    assert len(files) == 3
    for pair in combinations(sheets, 2):
        assert read_back(files, pair).unit.recipient() == public


def test_everything_is_closed_to_others(made: Installed) -> None:
    for path in [made.data, *made.data.rglob("*"), *made.sheets.iterdir(), made.secret, made.codes]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_no_secret_stays_in_the_folder(made: Installed) -> None:
    secrets = [
        PASSPHRASE.encode(),
        made.secret.read_bytes().strip(),
        *(line.strip() for line in made.codes.read_bytes().splitlines() if line.startswith(b"  ")),
        *(path.read_bytes().split()[-1] for path in made.sheets.iterdir()),
    ]
    assert len(secrets) == 2 + 11 + 3
    for path in made.data.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert not [secret for secret in secrets if secret in body], path


def test_it_says_how_to_start(tmp_path: Path) -> None:
    result = init(places(tmp_path))
    assert f"portal serve --data {tmp_path / 'data'}" in result.output
    assert f"portal backup --data {tmp_path / 'data'}" in result.output
    assert "the\nloss of everything" in result.output
    assert "AGE-SECRET-KEY" not in result.output


def wrong_sheets(at: Installed) -> Path:
    """Sheets of the right form that belong to no kit."""
    folder = at.data.parent / "wrong"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"custodian-{number}.txt").write_text(f"{HybridIdentity()}\n")
    return folder


def one_sheet(at: Installed) -> Path:
    folder = at.data.parent / "one"
    folder.mkdir()
    (folder / "custodian-1.txt").write_text(f"{HybridIdentity()}\n")
    return folder


def spoilt_sheets(at: Installed) -> Path:
    folder = at.data.parent / "spoilt"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"custodian-{number}.txt").write_text("AGE-SECRET-KEY-PQ-1NONSENSE\n")
    return folder


@pytest.mark.parametrize("sheets", [wrong_sheets, one_sheet, spoilt_sheets])
def test_a_kit_that_is_not_read_back_opens_nothing(
    tmp_path: Path, sheets: Callable[[Installed], Path]
) -> None:
    at = places(tmp_path)
    result = init(at, "--read-back", sheets(at))
    assert result.exit_code == 1
    assert "was not read back, so nothing was opened" in result.output
    assert opened(at) == 0
    assert not (at.data / "recovery-kit").exists()
    assert not at.secret.exists()


def test_after_a_wrong_read_back_it_can_be_done_again(tmp_path: Path) -> None:
    at = places(tmp_path)
    init(at, "--read-back", wrong_sheets(at))
    for path in at.sheets.iterdir():
        path.unlink()
    assert init(at).exit_code == 0
    assert opened(at) == 1


def test_a_second_area_in_the_folder_is_refused(installed: Installed) -> None:
    before = (installed.data / "portal.env").read_bytes()
    result = init(installed, area="Southmere")
    assert result.exit_code == 1
    assert "There is an area here already: Northmere" in result.output
    assert opened(installed) == 1
    assert (installed.data / "portal.env").read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"needed": "4"}, "More custodians are needed than there are"),
        ({"needed": "1"}, "Invalid value"),
        ({"email": "not an address"}, "e-mail address"),
        ({"unit_email": "unit@x\nBcc: y@z.example"}, "not one"),
        ({"area": "North\nmere"}, "cannot stand in a letter"),
        ({"name": " "}, "name"),
        ({"base_url": "portal.example.org"}, "PORTAL_BASE_URL"),
        ({"base_url": "https://portal.example.org/path"}, "PORTAL_BASE_URL"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_made(
    tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    at = places(tmp_path)
    result = init(at, **changed)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert not (at.data / "portal.db").exists()
    assert not (at.data / "keys").exists()


@pytest.mark.parametrize("weak", ["zebra", "Helen Marsh Northmere", "correct horse battery staple"])
def test_a_weak_passphrase_is_refused_before_anything_is_made(tmp_path: Path, weak: str) -> None:
    at = places(tmp_path)
    (tmp_path / "passphrase").write_text(weak + "\n")
    result = init(at)
    assert result.exit_code == 1
    assert "passphrase" in result.output
    assert weak not in result.output
    assert not (at.data / "portal.db").exists()


def test_without_https_it_is_no_production(tmp_path: Path) -> None:
    at = places(tmp_path)
    words = [w for pair in ANSWERS.items() for w in pair]
    result = run("init", "--data", at.data, *words)
    assert result.exit_code == 1
    assert "https" in result.output
    assert not (at.data / "portal.db").exists()


@pytest.mark.timeout(300)
def test_killed_at_any_moment_it_says_so_and_can_be_begun_again(tmp_path: Path) -> None:
    """Every fourth file or folder that it makes, renames or removes."""
    point = 0
    while True:
        at = places(tmp_path / f"{point}")
        at.data.parent.mkdir()
        if not dies(lambda at=at: finished(init(at)), point):  # type: ignore[misc]
            break
        result = init(at)
        if result.exit_code:
            assert result.exit_code == 1, result.output
            assert "Traceback" not in result.output
            assert isinstance(result.exception, SystemExit), result.exception
            shutil.rmtree(at.sheets, ignore_errors=True)
            at.secret.unlink(missing_ok=True)
            at.codes.unlink(missing_ok=True)
            result = init(at)
        if result.exit_code:
            assert "--begin-again" in result.output, (point, result.output)
            result = init(at, "--begin-again")
        if result.exit_code:
            # It had ended but for taking the mark away.
            assert "Somebody has joined" in result.output, (point, result.output)
            (at.data / "init.begun").unlink()
        assert opened(at) == 1, point
        point += 4
    assert point > 20


def finished(result: Result) -> None:
    assert result.exit_code == 0, result.output


def test_nothing_is_thrown_away_once_somebody_joined(installed: Installed) -> None:
    (installed.data / "init.begun").touch()
    other = places(installed.data.parent / "other")
    other.data.parent.mkdir()
    at = Installed(installed.data, other.sheets, other.secret, other.codes)
    before = (installed.data / "portal.db").read_bytes()
    assert "--begin-again" in init(at).output
    assert "Somebody has joined" in init(at, "--begin-again").output
    assert (installed.data / "portal.db").read_bytes() == before
    assert opened(installed) == 1


def test_a_demonstration_is_not_turned_into_an_area(tmp_path: Path) -> None:
    at = places(tmp_path)
    at.data.mkdir()
    (at.data / "demo.json").write_text("{}")
    assert "holds a demonstration" in init(at).output


class Terminal:
    """Somebody at a terminal, who reads until a question comes."""

    def __init__(self, *words: str | Path) -> None:
        self.parent, child = pty.openpty()
        env = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "portal", *map(str, words)],
            stdin=child, stdout=child, stderr=child, env=env | {"TERM": "dumb"},
            start_new_session=True, cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip
        os.close(child)
        self.seen = ""

    def until(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        ends = time.monotonic() + seconds
        while (found := re.search(pattern, self.seen)) is None:
            assert time.monotonic() < ends, self.seen[-2000:]
            try:
                self.seen += os.read(self.parent, 65536).decode()
            except OSError:
                raise AssertionError(self.seen[-2000:]) from None
        self.seen = self.seen[found.end() :]
        return found

    def say(self, text: str) -> None:
        os.write(self.parent, text.encode() + b"\n")

    def ended(self) -> int:
        while True:
            try:
                if not os.read(self.parent, 65536):
                    break
            except OSError:
                break
        os.close(self.parent)
        return self.child.wait(60)


def test_typed_at_a_terminal_with_slips(tmp_path: Path) -> None:
    at = places(tmp_path)
    words = [w for pair in ANSWERS.items() for w in pair]
    terminal = Terminal("init", "--data", at.data, "--trial", *words)
    identities = []
    for number in (1, 2, 3):
        found = terminal.until(r"(AGE-SECRET-KEY-PQ-1[A-Z0-9]+)")
        identities.append(found[1])
        terminal.until(f"custodian {number}\\. Press Enter")
        terminal.say("")
    terminal.until("Sheet 1 of 2")
    terminal.say(identities[2][:-1])
    terminal.until("compare it letter by letter")
    terminal.say(identities[2])
    terminal.until("Sheet 2 of 2")
    terminal.say(identities[0])
    terminal.until("Passphrase: ")
    for weak in ("too short", "too short"):
        terminal.say(weak)
        time.sleep(0.1)
    terminal.until("passphrase is too short")
    terminal.until("Passphrase: ")
    terminal.say(PASSPHRASE)
    terminal.until("Repeat")
    terminal.say(PASSPHRASE)
    secret = terminal.until(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})")[1].replace(" ", "")
    terminal.until("Code that the app shows now")
    terminal.say("000 000")
    terminal.until("not right")
    terminal.until("Code that the app shows now")
    terminal.say(mintotp.totp(secret))
    code = terminal.until(r"((?:[0-9A-Z]{4}-){8}[0-9A-Z]{4})")[1]
    terminal.until("Type group 4")
    terminal.say("AAAA")
    terminal.until("not the group")
    terminal.say(code.split("-")[3])
    terminal.until("The area is open")
    assert terminal.ended() == 0
    assert opened(at) == 1
