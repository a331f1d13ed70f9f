"""The unit's key was changed since the kit was made: the same sheets go on working."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from portal.cli.installation import settings_of
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.kit import UNIT_NOW, read_back
from portal.crypto.unit import UnitKey, open_unit, read_identity_file
from portal.journeys.deed import tending
from portal.journeys.house import House, Who
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.journeys.signing_in.unlocking import try_passphrase
from portal.records import areas, keys, people
from portal.records.database import reading
from portal.records.sessions import Stage
from portal.wiring import wire
from tests.cli.installed import PASSPHRASE, Installed, run
from tests.cli.test_backup import back_up
from tests.cli.test_kit import bring_back, held, kit, lines
from tests.world import code_at

__all__ = ["held"]


def signed_in(house: House) -> Who:
    with tending(house) as db:
        person = next(iter(people.of_area(db, areas.all_areas(db)[0].id).values()))
        keyring = try_passphrase(house, db, person, PASSPHRASE)
        now = house.clock.now()
        secret = begin(house, db, person, Stage.SIGNED_IN, keyring, now, factor_at=now)
    found = recall(house, secret)
    assert isinstance(found, Recalled)
    return found.who()


@pytest.fixture
def changed(held: Installed) -> Installed:
    house = wire(settings_of(held.data)).house
    who = signed_in(house)
    with reading(house.engine) as db:
        was = unit_recipient(house, db, who.actor.area_id).fingerprint
    # That of now was used to join; the next one is taken too.
    code = code_at(held.secret.read_text().strip(), house.clock.now() + timedelta(seconds=30))
    change_unit_key(house, who, was, code)
    house.engine.dispose()
    return held


def unit_now_of(at: Installed) -> UnitKey:
    """The unit's key as the database has it."""
    house = wire(settings_of(at.data)).house
    found = signed_in(house)
    with reading(house.engine) as db:
        return found.unit(db)


def test_the_drill_says_so(changed: Installed) -> None:
    result = kit("drill", changed)
    assert result.exit_code == 0, result.output
    assert "was sealed to the kit as" in result.output
    assert len(lines(changed, "kit.drilled")) == 1


def test_it_brings_a_coordinator_in_who_opens_everything(changed: Installed) -> None:
    now = unit_now_of(changed)
    result = bring_back(changed)
    assert result.exit_code == 0, result.output
    house = wire(settings_of(changed.data)).house
    with reading(house.engine) as db:
        area = areas.all_areas(db)[0].id
        tom = next(p for p in people.of_area(db, area).values() if p.name == "Tom Baines")
        keyring = try_passphrase(house, db, tom, "umbrella " + PASSPHRASE)
        wrap = keys.unit_wrap_of(db, area, tom.id)
    assert keyring is not None
    assert wrap is not None
    assert open_unit(wrap.sealed, keyring.identities()) == now


def test_a_new_kit_holds_it_itself(changed: Installed, tmp_path: Path) -> None:
    new = tmp_path / "new-sheets"
    words = ["--custodians", "3", "--needed", "2", "--new-sheets", new, "--read-back", new]
    old = tmp_path / "old-kit"
    shutil.copytree(changed.data / "recovery-kit", old)
    assert kit("renew", changed, *words).exit_code == 0
    files = [path.read_bytes() for path in (changed.data / "recovery-kit").glob("*.age")]
    sheets = [(new / f"custodian-{n}.txt").read_text().strip() for n in (1, 2)]
    opened = read_back(files, [HybridIdentity(text.splitlines()[-1]) for text in sheets])
    assert opened.unit == unit_now_of(changed)
    assert "not the newest one" in kit("drill", changed, "--kit", old).output


def test_a_backup_carries_it_for_the_plain_program(changed: Installed, tmp_path: Path) -> None:
    made = back_up(changed, tmp_path / "backups")
    folder = made.folder / "recovery-kit"
    assert UNIT_NOW in (folder / "READ-ME.txt").read_text()
    sheet = (changed.sheets / "custodian-1.txt").read_text().strip().splitlines()[-1]
    other = (changed.sheets / "custodian-2.txt").read_text().strip().splitlines()[-1]
    opened = read_back(
        [path.read_bytes() for path in folder.glob("unit-key-*.age")],
        [HybridIdentity(sheet), HybridIdentity(other)],
    )
    key = tmp_path / "unit-key.txt"
    key.write_text(f"{opened.unit.opener()}\n{opened.backups}\n")
    out = tmp_path / "unit-now.txt"
    assert run("sealed", "open", "-i", key, folder / UNIT_NOW, out).exit_code == 0
    assert read_identity_file(out.read_bytes()) == unit_now_of(changed)
    # The former key alone, which the leaver has, opens neither.
    key.write_text(f"{opened.unit.opener()}\n")
    assert run("sealed", "open", "-i", key, folder / UNIT_NOW, tmp_path / "no").exit_code == 2
    # A second backup from the same folder is made as well.
    back_up(changed, tmp_path / "more")


def test_a_kit_key_swapped_in_the_database_gives_the_drill_nothing(changed: Installed) -> None:
    house = wire(settings_of(changed.data)).house
    with tending(house) as db:
        db.execute(keys.unit_keys.update().values(for_kit=b"age-encryption.org/v1\n"))
    house.engine.dispose()
    result = kit("drill", changed)
    assert result.exit_code == 1
    assert not lines(changed, "kit.drilled")
