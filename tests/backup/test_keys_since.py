"""Keys and people that changed after the backup, where the record comes back behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.cli.restore import Known
from portal.domain.grants import GrantState
from portal.domain.people import Account, Role
from portal.domain.proofing import How
from portal.domain.roles import RoleReason
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.keys.renew_person import renew_person
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.read_names import read_names
from portal.journeys.own_account.change_keys import change_keys
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.roles.change_roles import change_roles
from portal.journeys.running.put_back import PutBack
from portal.journeys.signing_in.sign_in import NotRight, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.records import keys, people
from portal.records.database import reading
from tests.backup.installation import Installation, put_back
from tests.backup.test_papers import exported, sent
from tests.journeys.planning import case_of
from tests.journeys.test_own_keys_changed import begun, change, key_of
from tests.staging import Stage


def restored(at: Installation, to: Path, then: str) -> tuple[Stage, PutBack]:
    """A backup; then something happens; then the machine is lost, and only the record is not."""
    made = at.back_up(to / "backups")
    AFTERWARDS[then](at.stage)
    checkpoint, record = exported(at.stage)
    stage, (told,) = put_back(at, made, to / "bare", Known([checkpoint], [record]))
    assert told.missing == 0
    assert told.replayed > 0
    return stage, told


def ruth_changes_keys(stage: Stage) -> None:
    change_keys(stage.house, begun(stage, "ruth"), key_of(stage, "ruth"), stage.world.code("ruth"))


def ruth_begins_anew(stage: Stage) -> None:
    world, ruth = stage.world, stage.id("ruth")
    proof_person(stage.house, world.who("helen"), ruth, How.RANG, world.code("helen"))
    renew_person(stage.house, world.who("tom"), ruth, world.code("tom"))


def ruth_changes_keys_and_begins_anew(stage: Stage) -> None:
    ruth_changes_keys(stage)
    ruth_begins_anew(stage)


def ruth_leaves(stage: Stage) -> None:
    remove_person(stage.house, stage.world.who("helen"), stage.id("ruth"))


def unit_changes_its_key(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        was = unit_recipient(stage.house, db, stage.world.area.id).fingerprint
    change_unit_key(stage.house, stage.world.who("helen"), was, stage.world.code("helen"))


def tom_changes_his_keys_and_then_the_unit_s(stage: Stage) -> None:
    """Signed with a key that nobody has once the machine is lost."""
    after = change(stage, "tom").who()
    with reading(stage.house.engine) as db:
        was = unit_recipient(stage.house, db, stage.world.area.id).fingerprint
    change_unit_key(stage.house, after, was, stage.world.code("tom"))


def another_case_is_opened(stage: Stage) -> None:
    case_of(stage.world, "NM/2026/090", "Peregrine Ashdown")


def tom_coordinates_no_more(stage: Stage) -> None:
    tom = stage.world.person("tom")
    change_roles(
        stage.house, stage.world.who("helen"), tom.id, tom.roles, frozenset({Role.ATTENDEE}),
        RoleReason.POST, stage.world.code("helen"),
    )  # fmt: skip


AFTERWARDS = {
    "ruth changes her keys": ruth_changes_keys,
    "ruth begins anew": ruth_begins_anew,
    "ruth changes her keys and begins anew": ruth_changes_keys_and_begins_anew,
    "ruth leaves": ruth_leaves,
    "the unit changes its key": unit_changes_its_key,
    "tom changes his keys and then the unit's": tom_changes_his_keys_and_then_the_unit_s,
    "another case is opened": another_case_is_opened,
    "tom co-ordinates no more": tom_coordinates_no_more,
}
ENDS = [each for each in AFTERWARDS if each.startswith("ruth") and each != "ruth leaves"]


@pytest.mark.parametrize("then", AFTERWARDS)
def test_the_unit_goes_on_whatever_happened_since(
    at: Installation, tmp_path: Path, then: str
) -> None:
    """Nobody's changed key stops the others: a pack goes out, and is read."""
    sent(at)
    stage, _ = restored(at, tmp_path, then)
    with reading(stage.house.engine) as db:
        confirmed_keys(stage.house, db, stage.world.area.id)
    stage.whole()
    assert stage.opens("joe").startswith(b"%PDF")
    names = read_names(stage.house, stage.world.who("helen"))
    assert "Peregrine Ashdown" not in names.values()
    opened = case_of(stage.world, "NM/2026/091", "Rosalind Teal").id
    assert read_names(stage.house, stage.world.who("helen")) == {**names, opened: "Rosalind Teal"}
    digest, code = stage.digest(), stage.world.code("helen")
    send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest, code, "After it.")
    stage.whole()
    assert stage.opens("joe").startswith(b"%PDF")


@pytest.mark.parametrize("then", ENDS)
def test_whose_key_ended_joins_again(at: Installation, tmp_path: Path, then: str) -> None:
    """The key in the backup ended, and the one that followed was lost with its rows."""
    sent(at)
    stage, told = restored(at, tmp_path, then)
    assert told.anew == 1
    ruth = stage.world.secrets("ruth")
    with reading(stage.house.engine) as db:
        person = people.by_id(db, ruth.person_id)
        assert person is not None
        assert person.account is Account.INVITED
        assert keys.keyring_of(db, ruth.person_id) is None
        assert keys.public_key_of(db, stage.world.area.id, ruth.person_id) is None
    assert stage.states()["ruth"] is GrantState.WAITING
    with pytest.raises(NotRight):
        give_passphrase(stage.house, ruth.email, ruth.passphrase, Source("127.0.0.1"))
    resend_link(stage.house, stage.world.who("helen"), stage.id("ruth"))


def test_who_left_since_has_left(at: Installation, tmp_path: Path) -> None:
    sent(at)
    stage, told = restored(at, tmp_path, "ruth leaves")
    assert told.anew == 0
    assert stage.states()["ruth"] is GrantState.TAKEN_BACK
    ruth = stage.world.secrets("ruth")
    with reading(stage.house.engine) as db:
        person = people.by_id(db, ruth.person_id)
    assert person is not None
    assert person.account is Account.LEFT
    with pytest.raises(NotRight):
        give_passphrase(stage.house, ruth.email, ruth.passphrase, Source("127.0.0.1"))
    assert len(stage.lines("person.left")) == 1


def test_who_lost_a_role_has_not_got_it_back(at: Installation, tmp_path: Path) -> None:
    sent(at)
    stage, _ = restored(at, tmp_path, "tom co-ordinates no more")
    tom = stage.world.secrets("tom")
    with reading(stage.house.engine) as db:
        person = people.by_id(db, tom.person_id)
        assert person is not None
        assert person.roles == frozenset({Role.ATTENDEE})
        assert keys.unit_wrap_of(db, stage.world.area.id, person.id) is None


def test_the_unit_s_lost_key_is_void_and_the_next_follows_the_one_before(
    at: Installation, tmp_path: Path
) -> None:
    sent(at)
    with reading(at.stage.house.engine) as db:
        before = unit_recipient(at.stage.house, db, at.stage.world.area.id).fingerprint
    stage, _ = restored(at, tmp_path, "the unit changes its key")
    with reading(stage.house.engine) as db:
        assert unit_recipient(stage.house, db, stage.world.area.id).fingerprint == before
    unit_changes_its_key(stage)
    stage.whole()
    with reading(stage.house.engine) as db:
        now = unit_recipient(stage.house, db, stage.world.area.id)
    assert now.fingerprint != before
    assert now.former == (before,)


def test_without_the_record_the_backup_s_keys_go_on(at: Installation, tmp_path: Path) -> None:
    """Nobody can know that they ended: the gap stands in the record, and in words."""
    sent(at)
    made = at.back_up(tmp_path / "backups")
    ruth_changes_keys(at.stage)
    known = Known([exported(at.stage)[0]], accept_missing=True)
    stage, (told,) = put_back(at, made, tmp_path / "bare", known)
    assert (told.anew, told.missing > 0) == (0, True)
    assert stage.opens("ruth").startswith(b"%PDF")
