"""`portal kit`: tried, made anew, and used when no co-ordinator is left; never by one alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from portal.cli.installation import settings_of
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.kit import read_back
from portal.domain.people import Role
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.records import areas, keys, outbox, people
from portal.records.database import reading
from portal.wiring import wire
from tests.cli.installed import PASSPHRASE, Installed, run
from tests.cli.test_backup import back_up, restore

ANSWERS = ["--name", "Tom Baines", "--email", "tom@northmere.example", "--own-phone",
           "01632 960 009", "--job", "Co-ordinator", "--agency", "Probation Service"]  # fmt: skip


@pytest.fixture
def held(made: Installed, installed: Installed) -> Installed:
    """An installation whose custodians are there with their sheets."""
    shutil.copytree(made.sheets, installed.sheets)
    return installed


def lines(at: Installed, deed: str) -> list[dict[str, object]]:
    exported = run("ledger", "export", "--data", at.data).output.splitlines()
    told = [json.loads(row["leaf"]) for row in map(json.loads, exported) if "leaf" in row]
    return [each for each in told if each["deed"] == deed]


def kit(what: str, at: Installed, *more: str | Path) -> Result:
    return run("kit", what, "--data", at.data, "--custodian-sheets", at.sheets, *more)


def bring_back(at: Installed, *more: str | Path) -> Result:
    secret, codes = at.data.parent / "tom-secret", at.data.parent / "tom-codes"
    file = at.data.parent / "tom-passphrase"
    file.write_text("umbrella " + PASSPHRASE + "\n")
    words = [*ANSWERS, "--passphrase-file", file, "--secret-file", secret, "--codes-file", codes]
    return kit("bring-back", at, *words, *more)


def test_the_drill_leaves_its_line_and_changes_nothing_else(
    held: Installed, tmp_path: Path
) -> None:
    made = back_up(held, tmp_path / "backups")
    before = {p: p.read_bytes() for p in (held.data / "recovery-kit").iterdir()}
    result = kit("drill", held, "--backup-keys", made.keys)
    assert result.exit_code == 0, result.output
    assert "opens the sealed keys of that backup too" in result.output
    assert "AGE-SECRET-KEY" not in result.output
    assert len(lines(held, "kit.drilled")) == 1
    assert before == {p: p.read_bytes() for p in (held.data / "recovery-kit").iterdir()}


def test_the_drill_needs_no_files_of_this_machine(held: Installed, tmp_path: Path) -> None:
    copy = tmp_path / "custodian-s-copy"
    shutil.move(held.data / "recovery-kit", copy)
    assert kit("drill", held).exit_code != 0
    assert kit("drill", held, "--kit", copy).exit_code == 0


@pytest.mark.parametrize("what", ["drill", "renew", "bring-back"])
def test_one_custodian_alone_does_nothing(held: Installed, what: str) -> None:
    for number in (1, 3):
        (held.sheets / f"custodian-{number}.txt").unlink()
    shutil.copy(held.sheets / "custodian-2.txt", held.sheets / "custodian-3.txt")
    answers = ["--custodians", "3", "--needed", "2"] if what == "renew" else []
    result = bring_back(held) if what == "bring-back" else kit(what, held, *answers)
    assert result.exit_code == 1
    assert "too few, or of another kit" in result.output
    assert not lines(held, "kit.drilled") + lines(held, "unit.brought_back")
    assert len(lines(held, "kit.read_back")) == 1


def test_strangers_sheets_and_files_are_refused(held: Installed, tmp_path: Path) -> None:
    """A kit that somebody made up opens, and is not this unit's."""
    from portal.crypto.kit import make_kit
    from portal.crypto.unit import new_unit

    false = make_kit(new_unit(), 2, 3)
    folder, sheets = tmp_path / "false", tmp_path / "false-sheets"
    folder.mkdir()
    sheets.mkdir()
    for file in false.files:
        (folder / file.name).write_bytes(file.body)
    for number, text in enumerate(false.identities, 1):
        (sheets / f"custodian-{number}.txt").write_text(text + "\n")
    words = ["--kit", folder, "--custodian-sheets", sheets]
    for what in (["drill"], ["renew", "--custodians", "3", "--needed", "2"],
                 ["bring-back", *ANSWERS]):  # fmt: skip
        result = run("kit", *what, "--data", held.data, *words)
        assert result.exit_code == 1
        assert "not the newest one of an area here" in result.output
    assert not lines(held, "kit.drilled") + lines(held, "unit.brought_back")


def test_other_keys_of_a_backup_fail_the_drill(held: Installed, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"age-encryption.org/v1\n")
    result = kit("drill", held, "--backup-keys", other)
    assert result.exit_code == 1
    assert "does not open these sealed keys" in result.output
    assert not lines(held, "kit.drilled")


def test_a_new_kit_takes_the_place_of_the_old_one(held: Installed, tmp_path: Path) -> None:
    new = tmp_path / "new-sheets"
    words = ["--custodians", "5", "--needed", "3", "--new-sheets", new, "--read-back", new]
    old = tmp_path / "old-kit"
    shutil.copytree(held.data / "recovery-kit", old)
    result = kit("renew", held, *words)
    assert result.exit_code == 0, result.output
    assert [(each["kit_needed"], each["kit_held"]) for each in lines(held, "kit.read_back")] == [
        (2, 3), (3, 5),
    ]  # fmt: skip
    assert len(list((held.data / "recovery-kit").glob("*.age"))) == 10
    assert not (held.data / "recovery-kit-new").exists()
    # The old one is no kit for anything that needs the newest.
    assert "not the newest one" in kit("drill", held, "--kit", old).output
    renewed = Installed(held.data, new, held.secret, held.codes)
    assert kit("drill", renewed).exit_code == 0
    made = back_up(renewed, tmp_path / "backups")
    assert restore(made, tmp_path / "bare").exit_code == 0


def test_a_new_kit_that_is_not_read_back_leaves_the_old_one(
    held: Installed, tmp_path: Path
) -> None:
    words = ["--custodians", "3", "--needed", "2", "--new-sheets", tmp_path / "new"]
    result = kit("renew", held, *words, "--read-back", held.sheets)
    assert result.exit_code == 1
    assert len(lines(held, "kit.read_back")) == 1
    assert kit("drill", held).exit_code == 0
    assert not (held.data / "recovery-kit-new").exists()


def test_when_every_coordinator_is_gone_the_kit_brings_the_unit_back(
    held: Installed, tmp_path: Path
) -> None:
    result = bring_back(held)
    assert result.exit_code == 0, result.output
    house = wire(settings_of(held.data)).house
    with reading(house.engine) as db:
        area = areas.all_areas(db)[0]
        tom = people.by_email(db, "tom@northmere.example")
        assert tom is not None
        assert tom.roles == {Role.COORDINATOR}
        assert tom.id in confirmed_keys(house, db, area.id)
        assert keys.unit_wrap_of(db, area.id, tom.id) is not None
        unit_recipient(house, db, area.id)
        told = [
            notice.address
            for notice in outbox.due(db, house.clock.now(), 100)
            if notice.letter == "kit_used"
        ]
    house.engine.dispose()
    assert sorted(told) == ["helen@northmere.example", "unit@northmere.example"]
    assert len(lines(held, "unit.brought_back")) == 1
    assert run("ledger", "verify", "--data", held.data).exit_code == 0
    # What was written once is not written over, and nobody is brought in twice by one address.
    assert "from an earlier try" in bring_back(held).output
    (held.data.parent / "tom-secret").unlink()
    (held.data.parent / "tom-codes").unlink()
    assert "account with this address already" in bring_back(held).output


def test_a_coordinator_alone_has_neither_kit_nor_keys(held: Installed, tmp_path: Path) -> None:
    """The unit's key, which each member holds, opens no layer of the kit and no backup's keys."""
    sheets = [HybridIdentity(p.read_text().split()[-1]) for p in sorted(held.sheets.iterdir())]
    files = [path.read_bytes() for path in (held.data / "recovery-kit").glob("*.age")]
    unit = read_back(files, sheets[:2]).unit
    for one in sheets:
        with pytest.raises(Exception, match="too few"):
            read_back(files, [one, unit.opener()])
    made = back_up(held, tmp_path / "backups")
    for path in held.sheets.iterdir():
        path.write_text(f"{unit.opener()}\n")
    assert "too few, or of another kit" in restore(made, tmp_path / "bare").output
    assert "too few, or of another kit" in kit("drill", held).output
