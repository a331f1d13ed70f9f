"""The server's own keys are replaced while people work, and nobody loses anything by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from portal.chance import new_id
from portal.crypto import serverkeys
from portal.crypto.fields import BadField, open_any
from portal.crypto.serverkeys import BadServerKeys, KeyFolder, KeyKind
from portal.domain.factors import FactorKind
from portal.identity import oath
from portal.journeys.own_account.own_factors import new_card, new_generator, proved_by, seed_of
from portal.journeys.record.verify_record import verify_record
from portal.journeys.running.rotate_server_key import (
    StillNeeded,
    retire_server_key,
    rotate_server_key,
)
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused, spend
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.ledger import book, leaf, verify
from portal.ledger.errors import NoteRefused
from portal.records import areas, cards, database, generators, sealed_fields
from portal.records.database import reading
from tests.cast import write_keys
from tests.web.browsing import token
from tests.world import World, cast, world_on

HERE = Source("192.0.2.7")


class Kept:
    """A world whose keys lie in a folder, as an installation's do."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        write_keys(folder)
        world.house = replace(world.house, key_source=KeyFolder(folder, production=False))
        world.wiring = replace(world.wiring, house=world.house)

    def rotate(self, kind: KeyKind) -> list[tuple[int, int]]:
        told: list[tuple[int, int]] = []
        rotate_server_key(
            self.world.house, self.folder, kind, lambda *at: told.append(at), settle=0.0
        )
        return told

    def lines(self) -> list[tuple[object, object]]:
        with reading(self.world.house.engine) as db:
            found = book.entries(db, self.world.area.id, 0, 10_000)
        told = [leaf.decode(each.leaf) for each in found if each.deed == "server_key.changed"]
        return [(each["server_key"], each["key_version"]) for each in told]

    def audit(self) -> verify.Audit:
        signer = self.world.house.signer(self.world.area.id)
        with reading(self.world.house.engine) as db:
            return verify.audit(db, self.world.area.id, *(key.vkey for key in signer.ever))


@pytest.fixture
def kept(world: World, tmp_path: Path) -> Kept:
    return Kept(world, tmp_path / "own-keys")


@pytest.fixture
def on_postgresql(postgres_url: URL, tmp_path: Path) -> Iterator[Kept]:
    made = world_on(postgres_url, tmp_path)
    yield Kept(made, tmp_path / "own-keys")
    made.house.engine.dispose()


def signed_in(world: World, name: str = "ruth") -> bytes:
    half = recall(
        world.house, give_passphrase(world.house, cast()[name].email, cast()[name].passphrase, HERE)
    )
    assert isinstance(half, Recalled)
    return give_code(world.house, half, world.code(name), HERE, shared=False).secret


def is_in(world: World, secret: bytes) -> bool:
    found = recall(world.house, secret)
    return isinstance(found, Recalled) and found.keyring is not None


@pytest.mark.parametrize("kind", list(KeyKind))
def test_whoever_is_signed_in_works_on_and_others_sign_in(kept: Kept, kind: KeyKind) -> None:
    world = kept.world
    before = signed_in(world)
    kept.rotate(kind)
    assert is_in(world, before)
    world.clock.advance(timedelta(minutes=1))
    assert is_in(world, signed_in(world, "helen"))
    assert kept.lines() == [(kind.value, 2)]
    assert kept.audit().what is None


def test_all_of_them_one_after_the_other_and_once_more(kept: Kept) -> None:
    for version in (2, 3):
        for kind in KeyKind:
            kept.rotate(kind)
            assert max(kept.world.house.server_keys.of(kind)) == version
    kept.world.clock.advance(timedelta(minutes=1))
    assert is_in(kept.world, signed_in(kept.world))
    assert kept.audit().what is None
    assert len(kept.lines()) == 8


# ---- the session key ----


def test_a_retired_session_key_ends_what_began_under_it(kept: Kept) -> None:
    world = kept.world
    before = signed_in(world)
    world.clock.advance(timedelta(minutes=1))
    kept.rotate(KeyKind.SESSION)
    world.clock.advance(timedelta(minutes=1))
    after = signed_in(world, "helen")
    with pytest.raises(StillNeeded) as needed:
        retire_server_key(world.house, kept.folder, KeyKind.SESSION)
    assert needed.value.count >= 1
    assert is_in(world, before)
    assert retire_server_key(world.house, kept.folder, KeyKind.SESSION, anyway=True) == 1
    assert not is_in(world, before)
    assert is_in(world, after)


def test_a_session_key_nobody_needs_is_retired_without_asking(kept: Kept) -> None:
    world = kept.world
    signed_in(world)
    kept.rotate(KeyKind.SESSION)
    world.clock.advance(timedelta(hours=13))
    assert retire_server_key(world.house, kept.folder, KeyKind.SESSION) == 1
    assert retire_server_key(world.house, kept.folder, KeyKind.SESSION) == 0


def test_a_form_that_stood_open_meanwhile_is_taken(kept: Kept) -> None:
    """Its token is of the former key."""
    world = kept.world
    client = world.client()
    form = {"csrf_token": token(client, "/sign-in"), "email": cast()["ruth"].email}
    kept.rotate(KeyKind.SESSION)
    typed = {**form, "passphrase": cast()["ruth"].passphrase}
    answer = client.post("/sign-in", data=typed)
    assert answer.headers["Location"] == "/sign-in/code?next=/"
    forged = {**typed, "csrf_token": form["csrf_token"][:-2]}
    assert client.post("/sign-in", data=forged).status_code == 400


# ---- the pepper ----


def test_a_pepper_is_retired_when_the_last_passphrase_has_moved(kept: Kept) -> None:
    world = kept.world
    kept.rotate(KeyKind.PEPPER)
    with pytest.raises(StillNeeded):
        retire_server_key(world.house, kept.folder, KeyKind.PEPPER, anyway=True)
    for name in cast():
        world.clock.advance(timedelta(minutes=1))
        if world.person(name).account.value == "enrolled":
            give_passphrase(world.house, cast()[name].email, cast()[name].passphrase, HERE)
    assert retire_server_key(world.house, kept.folder, KeyKind.PEPPER) == 1
    world.clock.advance(timedelta(minutes=1))
    assert is_in(world, signed_in(world))


def test_codes_on_paper_work_under_a_retired_pepper(kept: Kept) -> None:
    world = kept.world
    ruth = world.person("ruth")
    codes, card, rows = new_card(world.house, ruth, ruth.id, "card")
    with database.writing(world.house.engine) as db:
        cards.save(db, replace(card, proved_at=world.clock.now()), rows)
        db.commit()
    kept.rotate(KeyKind.PEPPER)
    serverkeys.retire(kept.folder, KeyKind.PEPPER)
    actor = world.who("ruth").actor
    assert spend(world.house, actor, codes[0]) == FactorKind.CODE_CARD.value
    with pytest.raises(CodeRefused):
        spend(world.house, actor, codes[0])
    with pytest.raises(BadServerKeys):
        # Her passphrase was not used since: the former pepper is no way back for an old row.
        give_passphrase(world.house, cast()["ruth"].email, cast()["ruth"].passphrase, HERE)


# ---- the field key ----


def fields(world: World, keys: list[bytes]) -> int:
    """How many fields these keys open."""
    found = 0
    with reading(world.house.engine) as db:
        for column in sealed_fields.COLUMNS:
            rows = sealed_fields.keys_of(db, column)
            for _, place, sealed in sealed_fields.fields_at(db, column, rows):
                try:
                    open_any(keys, sealed, column.table.name, column.column, place)
                    found += 1
                except BadField:
                    pass
    return found


def many_apps(world: World, count: int) -> None:
    ruth = world.person("ruth")
    with database.writing(world.house.engine) as db:
        for number in range(count):
            made = new_generator(world.house, ruth, FactorKind.CODE_APP, f"app {number}", "A" * 32)
            generators.save(db, proved_by(made, oath.APP, 1, world.clock.now()))
        db.commit()


def sealed_anew(kept: Kept) -> None:
    world = kept.world
    many_apps(world, 120)
    old = [world.house.server_keys.field_key]
    every = fields(world, old)
    assert every > 240
    told = kept.rotate(KeyKind.FIELD)
    new = [world.house.server_keys.field_key]
    assert fields(world, old) == 0
    assert fields(world, new) == every
    assert told[-1][0] == told[-1][1] >= every
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_every_field_is_sealed_anew(kept: Kept) -> None:
    sealed_anew(kept)


@pytest.mark.real("PostgreSQL")
def test_every_field_is_sealed_anew_on_postgresql(on_postgresql: Kept) -> None:
    sealed_anew(on_postgresql)


def test_a_field_put_back_from_before_is_not_opened(kept: Kept) -> None:
    """Whoever stole the former key can write a secret of their own under it: it counts no more."""
    world = kept.world
    many_apps(world, 1)
    with reading(world.house.engine) as db:
        was = next(
            each for each in generators.of_person(db, world.person("ruth").id) if each.secret
        )
    kept.rotate(KeyKind.FIELD)
    with pytest.raises(BadField):
        seed_of(world.house, was)


class Dies(Exception):
    pass


def test_broken_off_it_goes_on_where_it_stopped(kept: Kept) -> None:
    world = kept.world
    many_apps(world, 120)
    old = [world.house.server_keys.field_key]
    every = fields(world, old)

    def dies(done: int, _every: int) -> None:
        if done >= 100:
            raise Dies

    with pytest.raises(Dies):
        rotate_server_key(world.house, kept.folder, KeyKind.FIELD, dies, settle=0.0)
    assert 0 < fields(world, old) < every
    assert is_in(world, signed_in(world))
    done = rotate_server_key(
        world.house, kept.folder, KeyKind.FIELD, lambda _done, _every: None, settle=0.0
    )
    assert (done.version, done.went_on) == (2, True)
    assert fields(world, old) == 0
    assert fields(world, [world.house.server_keys.field_key]) == every
    assert kept.lines() == [("field", 2)]


def test_what_changes_between_reading_and_sealing_is_left_alone(kept: Kept) -> None:
    world = kept.world
    many_apps(world, 1)
    column = next(each for each in sealed_fields.COLUMNS if each.column == "secret")
    with database.writing(world.house.engine) as db:
        (key, _, sealed), *_ = sealed_fields.fields_at(
            db, column, sealed_fields.keys_of(db, column)
        )
        assert not sealed_fields.swap(db, column, key, b"another", b"mine")
        assert sealed_fields.swap(db, column, key, sealed, b"mine")


def test_every_column_that_is_sealed_is_on_the_list() -> None:
    """What is written with `seal_field` under the field key stands in these columns alone."""
    listed = {(column.table.name, column.column) for column in sealed_fields.COLUMNS}
    assert listed == {
        ("generators", "name"), ("generators", "secret"), ("cards", "name"), ("passkeys", "name"),
        ("providers", "settings"), ("provider_links", "proof"),
    }  # fmt: skip
    folder = Path(serverkeys.__file__).parents[1]
    users = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if "seal_field(" in path.read_text("utf-8")
    }
    assert users == {
        "crypto/fields.py",
        "journeys/agencies/providers.py",
        "journeys/own_account/add_passkey.py",
        "journeys/own_account/own_factors.py",
        "journeys/running/rotate_server_key.py",
        "journeys/signing_in/begin_sign_on.py",
        "journeys/signing_in/sign_in_by_provider.py",
    }, "a new column needs its place on the list; the last two seal for a browser, and no row"


# ---- the ledger's signing key ----


def test_the_area_names_the_new_verifier_key_and_the_audit_page_is_content(kept: Kept) -> None:
    world = kept.world
    kept.rotate(KeyKind.LEDGER)
    with reading(world.house.engine) as db:
        area = areas.load(db, world.area.id)
    assert area is not None
    assert area.ledger_vkey == world.house.signer(world.area.id).vkey
    verified = verify_record(world.house, world.who("sian"))
    assert verified.whole
    assert kept.audit().what is None


def test_whoever_was_reached_under_the_former_key_still_is(kept: Kept) -> None:
    """Their invitation holds a digest under the former key; a coordinator still confirms them."""
    from portal.journeys.keys.directory import KeyAlarm, require_as_invited

    world = kept.world
    kept.rotate(KeyKind.LEDGER)
    ruth = world.person("ruth")
    with reading(world.house.engine) as db:
        require_as_invited(world.house, db, ruth, "")
        with pytest.raises(KeyAlarm):
            require_as_invited(world.house, db, replace(ruth, phone="01632 960 999"), "")


def test_between_the_new_file_and_the_lines_the_former_key_is_believed(kept: Kept) -> None:
    """The command died right after it had written the key: people work on, and it goes on."""
    world = kept.world
    serverkeys.add(kept.folder, KeyKind.LEDGER)
    assert is_in(world, signed_in(world))
    assert kept.audit().what is None
    done = rotate_server_key(
        world.house, kept.folder, KeyKind.LEDGER, lambda _done, _every: None, settle=0.0
    )
    assert (done.version, done.went_on) == (2, True)
    assert kept.lines() == [("ledger", 2)]
    assert kept.audit().what is None


def test_a_line_under_the_retired_key_stops_everything(kept: Kept) -> None:
    """Whoever stole it appends to the record by hand: nothing opens on that."""
    world = kept.world
    thief = replace(world.house, key_source=lambda keys=world.house.server_keys: keys)
    kept.rotate(KeyKind.LEDGER)
    with database.writing(world.house.engine) as db:
        now = world.clock.now()
        told = leaf.encode({"deed": "paper.opened", "at": leaf.moment(now), "grant": new_id()})
        signer = thief.signer(world.area.id)
        book.append(db, world.area.id, told, now, signer)
        book.checkpoint(db, world.area.id, signer)
        db.commit()
    found = kept.audit()
    assert found.what is not None
    assert "replaced" in found.what
    with pytest.raises(NoteRefused):
        signed_in(world)
