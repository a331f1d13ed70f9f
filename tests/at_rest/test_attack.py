"""Whoever has the database, the store, the keys and the mails, but nobody's passphrase."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from portal.crypto import serverkeys, session
from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.commitment import WrongKey, check_commit
from portal.crypto.keyring import open_keyring
from portal.crypto.kit import read_back
from portal.crypto.sealing import open_payload, open_text
from portal.crypto.unit import open_unit
from portal.crypto.unlock import (
    from_passkey,
    from_passphrase,
    from_recovery_code,
    parse_recovery_code,
)
from portal.domain.papers import UNIT_READER
from portal.journeys.keys.unit_of import open_unit_of_case
from portal.records import keys, papers, restrictions, sessions
from portal.records.database import reading
from portal.records.schema import every
from portal.storage.filesystem import FilesystemStore
from tests.at_rest.attack import (
    CASE,
    FILE_KEY,
    KEY,
    Locked,
    everything_sealed,
    found_secrets,
    opened_by,
    values_of,
)
from tests.at_rest.image import Image
from tests.at_rest.life import TYPED, Life


@pytest.fixture(scope="session")
def locked(life: Life) -> list[Locked]:
    return everything_sealed(life)


def test_everything_sealed_is_tried(locked: list[Locked], life: Life) -> None:
    kinds = {each.what.partition(" ")[0] for each in locked}
    assert kinds == {
        "header", "candidate", "keyring", "unit", "draft", "text", "names", "passkey",
        "backed-up", "case",
    }  # fmt: skip
    sealed = {"header", "sealed", "keyring"}
    with life.wiring.house.engine.connect() as db:
        tables = inspect(db)
        named = {
            (table, column["name"])
            for table in tables.get_table_names()
            for column in tables.get_columns(table)
            if column["name"] in sealed
        }
    assert named == {
        ("headers", "header"), ("candidates", "header"), ("keyrings", "sealed"),
        ("unit_wraps", "sealed"), ("drafts", "sealed"), ("sealed_texts", "sealed"),
        ("case_holders", "sealed"),
        ("names", "sealed"), ("sessions", "keyring"),
        ("passkeys", "sealed"),
        # Seven spoken words open these: tests/journeys/test_joining_words_attacked.py.
        ("word_wraps", "header"),
    }  # fmt: skip


def test_no_key_that_lies_about_opens_anything(
    life: Life, image: Image, locked: list[Locked]
) -> None:
    lying_about = found_secrets(life, image)
    server = serverkeys.load(life.wiring.settings.keys, production=False)
    for own in (server.session, server.field_key, server.ledger_seed, *server.peppers.values()):
        assert own in lying_about
    assert opened_by(lying_about, locked) == []


def test_no_session_opens_without_its_cookie(life: Life, image: Image) -> None:
    server = serverkeys.load(life.wiring.settings.keys, production=False)
    with reading(life.wiring.house.engine) as db:
        rows = [r for r in every(db, sessions.sessions, sessions.Session) if r.keyring is not None]
    assert rows
    guesses = [*found_secrets(life, image), bytes(KEY)]
    for row in rows:
        assert row.keyring is not None
        for guess in guesses:
            for server_key in (server.session, server.field_key):
                with pytest.raises(session.SessionRefused):
                    session.unwrap(guess, server_key, row.keyring, row.person_id, row.bound)


def test_no_sixteen_bytes_that_lie_about_are_a_file_key(life: Life) -> None:
    store = FilesystemStore(life.wiring.settings.papers)
    with reading(life.wiring.house.engine) as db:
        versions = every(db, papers.versions, papers.Version)
        short = {v for v in values_of(db) if isinstance(v, bytes) and len(v) == FILE_KEY}
        long = {v[:FILE_KEY] for v in values_of(db) if isinstance(v, bytes) and len(v) == KEY}
    for version in versions:
        body = store.get(version.payload_sha256)
        for guess in short | long:
            with pytest.raises(WrongKey):
                check_commit(guess, version.id, version.payload_sha256, version.key_commit)
        with pytest.raises(AgeError):
            open_payload(version.key_commit[:FILE_KEY], body)


@pytest.mark.parametrize("name", ["ruth", "helen", "priya", "joe", "dev"])
def test_with_a_passphrase_one_opens_what_is_one_s_own_and_nothing_else(
    life: Life, locked: list[Locked], name: str
) -> None:
    """The recovery code does the same. Joe's key was never confirmed, so nothing is sealed to
    him; the unit's members open the unit's key, and with it every paper of the area."""
    member = life.company.members[name]
    server = serverkeys.load(life.wiring.settings.keys, production=False)
    with reading(life.wiring.house.engine) as db:
        ring = keys.keyring_of(db, member.person_id)
        unlocks = keys.unlocks_of(db, member.person_id)
        wrap = keys.unit_wrap_of(db, life.company.area_id, member.person_id)
    assert ring is not None
    salt = unlocks[keys.UnlockKind.PASSPHRASE].salt
    by_passphrase = from_passphrase(member.passphrase, salt, server.pepper(), member.person_id)
    unlocked = [each.reader for each in locked if each.opens_with(by_passphrase)]
    assert unlocked == [f"unlock of {member.person_id}"]
    own = open_keyring(ring.sealed, by_passphrase).identities()[0]

    addressed = [each for each in locked if each.reader and not each.reader.startswith("unlock")]
    opened = [each for each in addressed if each.opens_with(own)]
    assert opened == [each for each in addressed if each.reader == member.person_id]
    assert (wrap is not None) == (name in ("helen", "priya"))
    if wrap is not None:
        unit = open_unit(wrap.sealed, [own]).opener()
        theirs = [each for each in addressed if each.opens_with(unit)]
        # Nothing of the restricted case, also for Helen who holds that.
        assert theirs == [each for each in addressed if each.reader == UNIT_READER]
    if name in ("joe", "dev"):
        assert opened == []


def test_a_wrong_pepper_or_another_person_s_salt_opens_no_keyring(
    life: Life, locked: list[Locked]
) -> None:
    ruth = life.company.members["ruth"]
    server = serverkeys.load(life.wiring.settings.keys, production=False)
    with reading(life.wiring.house.engine) as db:
        salts = {
            name: keys.unlocks_of(db, life.company.members[name].person_id)
            for name in ("ruth", "helen")
        }
    tried = [
        ("ruth", server.session, ruth.person_id),
        ("helen", server.pepper(), ruth.person_id),
        ("ruth", server.pepper(), life.company.members["helen"].person_id),
    ]
    for salt_of, pepper, person_id in tried:
        salt = salts[salt_of][keys.UnlockKind.PASSPHRASE].salt
        identity = from_passphrase(ruth.passphrase, salt, pepper, person_id)
        assert not any(each.opens_with(identity) for each in locked), salt_of


def test_a_passkey_opens_its_owner_s_keyring_and_nothing_else(
    life: Life, locked: list[Locked]
) -> None:
    ruth = life.company.members["ruth"].person_id
    identity = from_passkey(life.prf, ruth)
    assert [each.what for each in locked if each.opens_with(identity)] == ["passkey"]
    for wrong in (from_passkey(life.prf, "nobody"), HybridIdentity(life.prf)):
        assert not any(each.opens_with(wrong) for each in locked)


def test_the_kit_opens_the_backed_up_keys_and_one_sheet_does_not(
    life: Life, locked: list[Locked]
) -> None:
    sheets = [HybridIdentity(text) for text in life.sheets]
    for sheet in sheets:
        assert not any(each.opens_with(sheet) for each in locked)
    opened = read_back([file.read_bytes() for file in sorted(life.kit.glob("*.age"))], sheets[:2])
    opens = sorted(each.what for each in locked if each.opens_with(opened.backups))
    assert opens == ["backed-up keys", "case for the kit"]


def test_a_recovery_code_opens_one_keyring_and_nothing_else(
    life: Life, locked: list[Locked]
) -> None:
    for member in life.company.members.values():
        raw = parse_recovery_code(member.recovery_code)
        identity = from_recovery_code(raw, member.person_id)
        opened = [each.reader for each in locked if each.opens_with(identity)]
        assert opened == [f"unlock of {member.person_id}"]


def test_every_text_opens_for_the_unit_and_says_what_was_typed(
    life: Life, locked: list[Locked]
) -> None:
    """So that what was searched for above is really kept, and kept sealed."""
    helen = life.company.signed_in["helen"]
    with reading(life.wiring.house.engine) as db:
        unit = helen.unit(db).opener()
        (case,) = every(db, restrictions.restricted_cases, restrictions.CaseKey)
        own = open_unit_of_case(life.wiring.house, db, helen, case.case_id).key.opener()
    written = [each for each in locked if each.what.startswith("text")]
    restricted = [each for each in written if each.reader == CASE]
    assert restricted
    # Neither key opens what is the other's.
    assert not any(each.opens_with(unit) for each in restricted)
    assert [each for each in written if each.opens_with(own)] == restricted
    read = b"\n".join(
        open_text(each.sealed, [own if each in restricted else unit]) for each in written
    )
    kept_elsewhere = {"draft", "uploaded and not confirmed", "refused"}
    for name, words in TYPED.items():
        if name not in kept_elsewhere:
            assert words.encode() in read, name
    for name in ("ruth", "joe", "sian"):
        own = life.company.signed_in[name].identities()[0]
        for each in locked:
            if each.what.startswith("text ") and each.opens_with(own):
                clear = open_text(each.sealed, [own])
                assert not any(
                    TYPED[key].encode() in clear for key in ("duty", "why taken back", "necessity")
                )
