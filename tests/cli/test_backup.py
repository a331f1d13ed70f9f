"""`portal backup` and `portal restore`: whole, or refused with words."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mintotp
import pytest
from click.testing import Result

from portal.cli.installation import settings_of
from portal.crypto.age.hybrid import HybridIdentity, HybridRecipient
from portal.crypto.kit import read_back
from portal.crypto.sealing import open_text, seal_text
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.ledger import book
from portal.records import areas
from portal.records.database import reading
from portal.wiring import wire
from tests.cli.installed import ANSWERS, PASSPHRASE, Installed, init, places, run


@dataclass(frozen=True)
class Backup:
    """One backup of an installation, and the sheets of its custodians."""

    folder: Path
    keys: Path
    sheets: Path


def back_up(at: Installed, to: Path, *more: str | Path) -> Backup:
    result = run("backup", "--data", at.data, "--to", to, *more)
    assert result.exit_code == 0, result.output
    folder = max(to.glob("portal-*"))
    return Backup(folder, to / "keys" / f"{folder.name}-keys.age", at.sheets)


def restore(backup: Backup, data: Path, *more: str | Path) -> Result:
    return run(
        "restore", "--from", backup.folder, "--keys", backup.keys, "--data", data,
        "--custodian-sheets", backup.sheets, *more,
    )  # fmt: skip


@pytest.fixture
def backup(made: Installed, installed: Installed, tmp_path: Path) -> Backup:
    shutil.copytree(made.sheets, installed.sheets)
    return back_up(installed, tmp_path / "backups")


def signs_in(data: Path, secret: str) -> None:
    """Helen signs in as ever, and holds the unit's key."""
    house = wire(settings_of(data)).house
    here = Source("127.0.0.1")
    half = recall(house, give_passphrase(house, ANSWERS["--email"], PASSPHRASE, here))
    assert isinstance(half, Recalled)
    later = int(house.clock.now().timestamp()) + 30
    whole = recall(
        house, give_code(house, half, mintotp.hotp(secret, later // 30), here, shared=False).secret
    )  # fmt: skip
    assert isinstance(whole, Recalled)
    with reading(house.engine) as db:
        assert whole.who().unit(db)
    house.engine.dispose()


def test_what_is_put_back_is_walked(backup: Backup, installed: Installed, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.rmtree(installed.data)
    result = restore(backup, bare)
    assert result.exit_code == 0, result.output
    assert "0 known to be missing" in result.output
    assert "make new codes" in result.output
    assert run("ledger", "verify", "--data", bare).exit_code == 0
    signs_in(bare, installed.secret.read_text().strip())
    assert run("keys", "check", "--data", bare).exit_code == 0
    for path in (bare, *bare.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    lines = run("ledger", "export", "--data", bare).output
    assert "backup.restored" in lines
    assert not list(tmp_path.glob(".*"))


def test_it_names_no_secret_and_says_what_to_do(
    backup: Backup, installed: Installed, tmp_path: Path
) -> None:
    told = run("backup", "--data", installed.data, "--to", tmp_path / "more").output
    assert "to be kept apart" in told
    secrets = [PASSPHRASE.encode(), installed.secret.read_bytes().strip()]
    secrets += [path.read_bytes().split()[-1] for path in backup.sheets.iterdir()]
    secrets += [path.read_bytes().split()[-1] for path in (installed.data / "keys").iterdir()]
    for path in (tmp_path / "backups").rglob("*"):
        assert not path.is_file() or not [s for s in secrets if s in path.read_bytes()], path
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_each_backup_leaves_its_line(backup: Backup, installed: Installed) -> None:
    lines = run("ledger", "export", "--data", installed.data).output.splitlines()
    told = [json.loads(json.loads(line)["leaf"]) for line in lines if "backup.made" in line]
    assert [(each["lines"], each["files"]) for each in told] == [(8, 0)]


def test_no_free_page_goes_along(installed: Installed, tmp_path: Path) -> None:
    db = sqlite3.connect(installed.data / "portal.db")
    db.execute("PRAGMA secure_delete=OFF")
    db.execute("CREATE TABLE gone (text TEXT)")
    db.execute("INSERT INTO gone VALUES (?)", ("Oystercatcher deleted " * 500,))
    db.execute("DROP TABLE gone")
    db.commit()
    db.close()
    made = back_up(installed, tmp_path / "backups")
    assert b"Oystercatcher" in (installed.data / "portal.db").read_bytes() + (
        (installed.data / "portal.db-wal").read_bytes()
        if (installed.data / "portal.db-wal").exists()
        else b""
    )
    assert b"Oystercatcher" not in (made.folder / "portal.db").read_bytes()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))


def forge(path: Path) -> None:
    """Somebody who has no keys changes the list, and makes it fit the database they changed."""
    told = json.loads(path.read_bytes())
    told["missing"] = ["0" * 64]
    path.write_text(json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n")


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("portal.db", cut, "The database is damaged"),
        ("portal.db", flip, "The database is damaged"),
        ("portal.db", Path.unlink, "The database is missing"),
        ("portal.env", flip, "The settings file is damaged"),
        ("contents.json", cut, "cannot be read"),
        ("contents.json", Path.unlink, "no whole backup"),
        ("contents.json", forge, "was changed"),
        ("contents.mac", flip, "was changed"),
        ("contents.mac", Path.unlink, "no whole backup"),
    ],
)
def test_a_spoilt_backup_is_refused_with_words(
    backup: Backup, tmp_path: Path, name: str, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(backup.folder / name)
    result = restore(backup, tmp_path / "bare")
    assert result.exit_code == 1
    assert "Nothing was put back" in result.output
    assert words in result.output
    assert not (tmp_path / "bare").exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("spoil", [cut, flip])
def test_spoilt_keys_are_refused(
    backup: Backup, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(backup.keys)
    result = restore(backup, tmp_path / "bare")
    assert result.exit_code == 1
    assert "not those of this backup" in result.output
    assert not (tmp_path / "bare").exists()


def test_keys_of_an_earlier_backup_are_refused(
    backup: Backup, installed: Installed, tmp_path: Path
) -> None:
    other = back_up(installed, tmp_path / "other")
    swapped = Backup(backup.folder, other.keys, backup.sheets)
    assert "not those of this backup" in restore(swapped, tmp_path / "bare").output


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    at = places(tmp_path_factory.mktemp("foreign"))
    assert init(at, area="Southmere").exit_code == 0
    return at


def test_custodians_of_another_kit_open_nothing(
    backup: Backup, foreign: Installed, tmp_path: Path
) -> None:
    result = restore(Backup(backup.folder, backup.keys, foreign.sheets), tmp_path / "bare")
    assert result.exit_code == 1
    assert "of another kit" in result.output
    assert not (tmp_path / "bare").exists()


def test_another_installation_s_database_is_refused(
    backup: Backup, foreign: Installed, tmp_path: Path
) -> None:
    other = back_up(foreign, tmp_path / "other")
    for name in ("portal.db", "contents.json", "contents.mac"):
        shutil.copyfile(other.folder / name, backup.folder / name)
    assert restore(backup, tmp_path / "bare").exit_code == 1
    # With its list made to fit the keys file, it is the seal that does not fit.
    told = json.loads((backup.folder / "contents.json").read_bytes())
    told["keys"] = hashlib.sha256(backup.keys.read_bytes()).hexdigest()
    (backup.folder / "contents.json").write_text(
        json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n"
    )
    result = restore(backup, tmp_path / "bare")
    assert "of another installation" in result.output
    assert not (tmp_path / "bare").exists()


def test_one_custodian_puts_nothing_back(backup: Backup, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(backup.sheets / "custodian-2.txt", alone)
    result = restore(Backup(backup.folder, backup.keys, alone), tmp_path / "bare")
    assert result.exit_code == 1
    assert "There are not 2 sheets" in result.output
    # Nor with the same sheet twice.
    shutil.copy(alone / "custodian-2.txt", alone / "custodian-1.txt")
    result = restore(Backup(backup.folder, backup.keys, alone), tmp_path / "bare")
    assert "too few, or of another kit" in result.output


def test_a_member_of_the_unit_does_not_open_the_keys(backup: Backup, installed: Installed) -> None:
    """The kit's own key does; the unit's, which every coordinator and administrator holds, not."""
    files = [path.read_bytes() for path in (installed.data / "recovery-kit").glob("unit-key-*")]
    sheets = [HybridIdentity(p.read_text().split()[-1]) for p in sorted(backup.sheets.iterdir())]
    opened = read_back(files, sheets[:2])
    with pytest.raises(Exception, match="none of these identities"):
        open_text(backup.keys.read_bytes(), [opened.unit.opener()])
    assert open_text(backup.keys.read_bytes(), [opened.backups])


def test_the_keys_are_an_ordinary_archive(
    backup: Backup, installed: Installed, tmp_path: Path
) -> None:
    """For the day when there is no portal: age opens it, tar unpacks it."""
    files = [path.read_bytes() for path in (installed.data / "recovery-kit").glob("unit-key-*")]
    sheets = [HybridIdentity(p.read_text().split()[-1]) for p in sorted(backup.sheets.iterdir())]
    clear = open_text(backup.keys.read_bytes(), [read_back(files, sheets[:2]).backups])
    subprocess.run(["tar", "-x", "-C", tmp_path], input=clear, check=True)
    for path in (installed.data / "keys").iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_swapped_kit_key_is_given_nothing(installed: Installed, tmp_path: Path) -> None:
    thief = HybridIdentity()
    (installed.data / "recovery-kit" / "backup-key.txt").write_text(f"{thief.recipient()}\n")
    result = run("backup", "--data", installed.data, "--to", tmp_path / "backups")
    assert result.exit_code == 1
    assert "not that of a recovery kit that was read back" in result.output
    assert not list((tmp_path / "backups").rglob("*.age"))


def test_keys_put_in_by_somebody_else_are_refused(backup: Backup, tmp_path: Path) -> None:
    """Whoever has only public keys seals keys of their own, and makes the list name them."""
    kit = HybridRecipient((backup.folder / "recovery-kit" / "backup-key.txt").read_text().strip())
    for clear in (b"", b"not an archive", bytes(1024)):
        backup.keys.write_bytes(seal_text(clear, [kit]))
        told = json.loads((backup.folder / "contents.json").read_bytes())
        told["keys"] = hashlib.sha256(backup.keys.read_bytes()).hexdigest()
        (backup.folder / "contents.json").write_text(
            json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n"
        )
        result = restore(backup, tmp_path / "bare")
        assert result.exit_code == 1
        assert "sealed keys" in result.output.lower()


def test_into_a_folder_with_something_in_it_nothing_is_put(
    backup: Backup, installed: Installed
) -> None:
    before = (installed.data / "portal.db").read_bytes()
    result = restore(backup, installed.data)
    assert result.exit_code == 1
    assert "is not empty" in result.output
    assert (installed.data / "portal.db").read_bytes() == before


def test_a_backup_inside_what_it_backs_up_is_refused(installed: Installed) -> None:
    for place in (installed.data, installed.data / "backups"):
        result = run("backup", "--data", installed.data, "--to", place)
        assert result.exit_code == 1
        assert "Choose another folder" in result.output


def test_only_the_newest_are_kept(installed: Installed, tmp_path: Path) -> None:
    to = tmp_path / "backups"
    for _ in range(3):
        back_up(installed, to)
    kept = back_up(installed, to, "--keep", "2")
    assert len(list(to.glob("portal-*"))) == 2
    assert len(list((to / "keys").iterdir())) == 2
    assert kept.folder.exists()
    assert kept.keys.exists()


def checkpoint_of(at: Installed) -> str:
    house = wire(settings_of(at.data)).house
    with reading(house.engine) as db:
        note = book.newest_checkpoint(db, areas.all_areas(db)[0].id)
    house.engine.dispose()
    return note


def test_an_older_backup_says_what_is_missing(
    backup: Backup, installed: Installed, tmp_path: Path
) -> None:
    for _ in range(3):
        run("clock", "accept", "--yes", "--data", installed.data)
    held = tmp_path / "held"
    held.write_text(checkpoint_of(installed))
    result = restore(backup, tmp_path / "bare", "--witnessed", held)
    assert result.exit_code == 1
    # The backup's own line, and three acceptances of the clock.
    assert "the backup ends at line 8, 0 later lines were put back, and 4 more" in result.output
    assert not (tmp_path / "bare").exists()
    result = restore(backup, tmp_path / "bare", "--witnessed", held, "--accept-missing")
    assert result.exit_code == 0, result.output
    assert "4 known to be missing" in result.output
    told = run("ledger", "export", "--data", tmp_path / "bare").output
    assert '\\"missing\\":4' in told
    # The checkpoint that was held elsewhere goes on saying so.
    audit = run("ledger", "verify", "--data", tmp_path / "bare", "--witnessed", held)
    assert audit.exit_code == 1


def test_a_later_export_puts_the_lines_back(
    backup: Backup, installed: Installed, tmp_path: Path
) -> None:
    for _ in range(3):
        run("clock", "accept", "--yes", "--data", installed.data)
    held, record = tmp_path / "held", tmp_path / "record"
    held.write_text(checkpoint_of(installed))
    record.write_text(run("ledger", "export", "--data", installed.data).output)
    result = restore(
        backup, tmp_path / "bare", "--witnessed", held, "--record", record
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "4 later ones put back, 0 known to be missing" in result.output
    audit = run("ledger", "verify", "--data", tmp_path / "bare", "--witnessed", held)
    assert audit.exit_code == 0, audit.output


def test_an_export_that_does_not_fit_is_refused(
    backup: Backup, installed: Installed, foreign: Installed, tmp_path: Path
) -> None:
    run("clock", "accept", "--yes", "--data", installed.data)
    lines = run("ledger", "export", "--data", installed.data).output.splitlines()
    rows = [json.loads(line) for line in lines]
    record = tmp_path / "record"
    changed = [
        json.dumps({**row, "leaf": row["leaf"].replace("wall", "fall")}) if "leaf" in row else line
        for row, line in zip(rows, lines, strict=True)
    ]
    left_out = [line for row, line in zip(rows, lines, strict=True) if row.get("position") != 8]
    other = run("ledger", "export", "--data", foreign.data).output.splitlines()
    for bad in (changed, left_out, other, ["nonsense"], [lines[0], "{}"], [""]):
        record.write_text("\n".join(bad))
        result = restore(backup, tmp_path / "bare", "--record", record)
        assert result.exit_code == 1, bad[:1]
        assert "Nothing was put back" in result.output
        assert not (tmp_path / "bare").exists()
    # Lines that no checkpoint covers are left out.
    record.write_text("\n".join(line for line in lines if '"checkpoint": 10' not in line))
    result = restore(backup, tmp_path / "bare", "--record", record)
    assert result.exit_code == 0, result.output
    assert "1 later ones put back" in result.output


def test_a_checkpoint_of_another_installation_is_refused(
    backup: Backup, foreign: Installed, tmp_path: Path
) -> None:
    held = tmp_path / "held"
    held.write_text(checkpoint_of(foreign))
    result = restore(backup, tmp_path / "bare", "--witnessed", held)
    assert result.exit_code == 1
    assert "of another installation" in result.output
