"""A restricted case whose holders changed after the backup, where the record comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.cli.restore import Known
from portal.crypto.age.errors import AgeError
from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import unit_now
from portal.crypto.sealing import open_text
from portal.domain.people import Role
from portal.domain.roles import RoleReason
from portal.journeys.keys.rewrap_unit import rewrap_unit
from portal.journeys.meetings.read_case import read_case
from portal.journeys.meetings.read_names import read_names
from portal.journeys.roles.change_roles import change_roles
from portal.policy.judge import Refused
from portal.records import restrictions
from portal.records.database import reading
from tests.backup.installation import Installation, installed, put_back
from tests.backup.test_papers import exported
from tests.journeys.test_own_keys_changed import change
from tests.restricted.holding import NAME, restricted_template, restriction, set_holders
from tests.restricted.test_by_kit import brought_in
from tests.staging import Stage


@pytest.fixture
def at(world_template: Path, tmp_path: Path) -> Installation:
    (tmp_path / "template").mkdir()
    return installed(restricted_template(world_template, tmp_path / "template"), tmp_path / "here")


def read(stage: Stage, name: str) -> str:
    return read_case(stage.house, stage.world.who(name), stage.case_id).particulars.name


def restored(at: Installation, to: Path, *changes: tuple[str, ...]) -> Stage:
    """A backup; then the holders change, again and again; then only the record is left."""
    made = at.back_up(to / "backups")
    for by, *names in changes:
        at.stage.world.clock.advance(timedelta(minutes=1))
        set_holders(at.stage, by, *names)
    checkpoint, record = exported(at.stage)
    stage, (told,) = put_back(at, made, to / "bare", Known([checkpoint], [record]))
    assert told.replayed > 0
    return stage


def test_who_was_taken_out_stays_out_and_the_case_goes_on(at: Installation, tmp_path: Path) -> None:
    before = restriction(at.stage).public.fingerprint
    added, removed = ("tom", "tom", "grace", "helen"), ("tom", "tom", "helen")
    stage = restored(at, tmp_path, added, removed)
    # The key that followed was lost with its rows; what was sealed to the first one opens.
    assert restriction(stage).public.fingerprint == before
    assert read(stage, "tom") == NAME
    for name in ("grace", "helen"):
        with pytest.raises(Refused):
            read(stage, name)
    set_holders(stage, "tom", "tom", "helen")
    rewrap_unit(stage.house, stage.world.who("helen"), case_id=stage.case_id)
    assert read(stage, "helen") == NAME
    with pytest.raises(Refused):
        read(stage, "grace")
    # She had the key that counted again: so this change gave the case another.
    assert restriction(stage).public.former == (before,)


def test_who_was_taken_out_is_not_shown_it_either(at: Installation, tmp_path: Path) -> None:
    stage = restored(at, tmp_path, ("tom", "tom", "grace", "helen"), ("tom", "tom", "helen"))
    with reading(stage.house.engine) as db:
        assert restrictions.holders_in(db, stage.world.area.id)[stage.case_id] == {stage.id("tom")}
    assert stage.case_id not in read_names(stage.house, stage.world.who("grace"))
    change(stage, "grace")


def test_who_is_of_the_unit_no_more_holds_nothing(at: Installation, tmp_path: Path) -> None:
    made = at.back_up(tmp_path / "backups")
    at.stage.world.clock.advance(timedelta(minutes=1))
    tom = at.stage.world.person("tom")
    change_roles(
        at.stage.house, at.stage.world.who("helen"), tom.id, tom.roles,
        frozenset({Role.ADMINISTRATOR}), RoleReason.POST, at.stage.world.code("helen"),
    )  # fmt: skip
    checkpoint, record = exported(at.stage)
    stage, _ = put_back(at, made, tmp_path / "bare", Known([checkpoint], [record]))
    with pytest.raises(Refused):
        read(stage, "tom")
    assert read(stage, "grace") == NAME


def test_a_backup_s_kit_carries_its_key_for_the_plain_program(
    at: Installation, tmp_path: Path
) -> None:
    """As the unit's after a change: with the kit alone, and any age program, its papers open."""
    set_holders(at.stage, "tom", "tom", "grace")
    folder = at.back_up(tmp_path / "backups").folder / "recovery-kit"
    (file,) = folder.glob("case-*.age")
    assert file.name in (folder / "READ-ME.txt").read_text()
    key = unit_now(at.kit, file.read_bytes())
    assert fingerprint(key.recipient(), b"") == restriction(at.stage).public.fingerprint
    with pytest.raises(AgeError):
        open_text(file.read_bytes(), [at.kit.unit.opener()])
    # Copied anew each time, and taken for no part of the kit.
    again = at.back_up(tmp_path / "more").folder / "recovery-kit"
    assert len(list(again.glob("case-*.age"))) == 1


def test_who_was_added_since_is_added_again(at: Installation, tmp_path: Path) -> None:
    stage = restored(at, tmp_path, ("tom", "tom", "grace", "helen"))
    assert read(stage, "tom") == read(stage, "grace") == NAME
    with pytest.raises(Refused):
        read(stage, "helen")
    set_holders(stage, "grace", "tom", "grace", "helen")
    assert read(stage, "helen") == NAME


def test_where_all_of_them_were_replaced_nobody_holds_it(at: Installation, tmp_path: Path) -> None:
    """Only the recovery kit gives it then: to let the former back in would undo what was done."""
    # The case was there before this kit: saved once, its key is sealed to it.
    set_holders(at.stage, "tom", "tom", "grace")
    stage = restored(
        at,
        tmp_path,
        ("tom", "tom", "helen"),
        ("helen", "helen", "grace"),
        ("grace", "grace", "tom"),
    )
    for name in ("helen", "tom", "grace"):
        with pytest.raises(Refused):
            read(stage, name)
    who = brought_in(stage, at.kit)
    assert read_case(stage.house, who, stage.case_id).particulars.name == NAME
