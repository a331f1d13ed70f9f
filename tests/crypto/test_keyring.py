"""Keyrings and unlock methods: any one opens, a removed one does not, nothing weaker passes."""

from __future__ import annotations

import json
import threading
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto import unlock
from portal.crypto.age.errors import AgeError, NotForYou, Refused
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.argon import argon2id
from portal.crypto.keyring import (
    BadKeyring,
    Keyring,
    matches,
    new_keyring,
    open_keyring,
    rotate,
    seal_keyring,
)
from portal.crypto.sealing import seal_text
from portal.crypto.unlock import BelowFloor, Params
from tests.crypto.naming import by_type

SALT, PEPPER = bytes(range(16)), bytes(range(32))
LIGHT = Params(memory_kib=64, iterations=1)
# Argon2id of "password" and "somesaltsomesalt", computed with crypto.argon2Sync of Node 24.
ANSWERS = {
    unlock.DEFAULT: "7664ad4ba1a3c999fcdd0991ffc2270f78302d2383233db5e7befc85d1bb1819",
    Params(256, 2): "cab746b4621993fdc91ec50787980b414a90a692f0bc68dfe19f9c25b3cba9ec",
}


def by_passphrase(
    passphrase: str = "river lamp orbit candle fern",
    salt: bytes = SALT,
    pepper: bytes = PEPPER,
    person: str = "p1",
    params: Params = LIGHT,
) -> HybridIdentity:
    return unlock.from_passphrase(passphrase, salt, pepper, person, params, floor=LIGHT)


def test_any_method_opens_and_a_removed_one_does_not() -> None:
    ring = new_keyring()
    passphrase = by_passphrase()
    recovery = unlock.from_recovery_code(bytes(range(20)), "p1")
    later = by_passphrase("another passphrase of mine")
    methods = [key.recipient().raw for key in (passphrase, recovery)]
    blob = seal_keyring(ring, methods)
    assert open_keyring(blob, passphrase) == open_keyring(blob, recovery) == ring
    with pytest.raises(NotForYou):
        open_keyring(blob, later)

    changed = seal_keyring(ring, [recovery.recipient().raw, later.recipient().raw])
    assert open_keyring(changed, later) == open_keyring(changed, recovery) == ring
    with pytest.raises(NotForYou):
        open_keyring(changed, passphrase)


def test_rotation_keeps_what_was_sealed_before() -> None:
    old = new_keyring()
    new = rotate(old)
    assert new.seeds[1:] == old.seeds
    assert new.recipient() != old.recipient()
    assert new.signing_public() != old.signing_public()
    assert new.recipient() == new.identities()[0].recipient().raw
    method = HybridIdentity()
    assert open_keyring(seal_keyring(new, [method.recipient().raw]), method) == new


def test_matches_tells_a_swapped_key() -> None:
    ring, other = new_keyring(), new_keyring()
    assert matches(ring, ring.recipient(), ring.signing_public())
    assert not matches(ring, other.recipient(), ring.signing_public())
    assert not matches(ring, ring.recipient(), other.signing_public())
    assert not matches(ring, b"", b"")
    assert not matches(rotate(ring), ring.recipient(), ring.signing_public())


def test_a_keyring_does_not_show_its_keys() -> None:
    ring = new_keyring()
    assert ring.signing_seed.hex() not in repr(ring)
    assert repr(ring.seeds[0]) not in repr(ring)
    blob = seal_keyring(ring, [HybridIdentity().recipient().raw])
    assert ring.seeds[0] not in blob


def test_a_changed_keyring_file_is_refused() -> None:
    method = HybridIdentity()
    blob = seal_keyring(new_keyring(), [method.recipient().raw])
    for bad in (blob[:-1], blob + b"x", blob[:-1] + bytes([blob[-1] ^ 1]), b"", b"x", blob[5:]):
        with pytest.raises(AgeError):
            open_keyring(bad, method)


GOOD = {"form": 1, "identities": [str(HybridIdentity())], "signing": "00" * 32}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        *(
            json.dumps(GOOD | change).encode()
            for change in (
                {"form": 2},
                {"extra": 1},
                {"identities": []},
                {"identities": [GOOD["identities"], 7]},
                {"identities": [str(X25519Identity())]},
                {"identities": 2 * list(GOOD["identities"])},  # type: ignore[call-overload]
                {"identities": None},
                {"signing": "00" * 31},
                {"signing": "zz"},
                {"signing": None},
            )
        ),
    ],
    ids=by_type,
)
def test_a_file_that_holds_something_else_is_refused(content: bytes) -> None:
    method = HybridIdentity()
    with pytest.raises(BadKeyring) as caught:
        open_keyring(seal_text(content, [method.recipient()]), method)
    assert "AGE-SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("seeds", "signing"),
    [
        ((), bytes(32)),
        ((bytes(31),), bytes(32)),
        ((bytes(32),), bytes(31)),
        ((bytes(32),) * 2, bytes(32)),
    ],
    ids=by_type,
)
def test_malformed_keyrings_cannot_be_made(seeds: tuple[bytes, ...], signing: bytes) -> None:
    with pytest.raises(BadKeyring):
        Keyring(seeds, signing)


def test_unlock_methods_are_post_quantum_keys() -> None:
    with pytest.raises(Refused):
        seal_keyring(new_keyring(), [X25519Identity().recipient().raw])
    with pytest.raises(ValueError, match="recipient"):
        seal_keyring(new_keyring(), [])


# ---- passphrases ----


def test_same_everything_gives_the_same_key() -> None:
    assert by_passphrase().raw == by_passphrase().raw


@pytest.mark.parametrize(
    "other",
    [
        {"passphrase": "river lamp orbit candle fern "},
        {"passphrase": "River lamp orbit candle fern"},
        {"passphrase": ""},
        {"salt": bytes(16)},
        {"pepper": bytes(32)},
        {"person": "p2"},
        {"person": ""},
        {"params": Params(128, 1)},
        {"params": Params(64, 2)},
    ],
    ids=by_type,
)
def test_anything_else_gives_another_key(other: dict[str, object]) -> None:
    assert by_passphrase(**other).raw != by_passphrase().raw  # type: ignore[arg-type]


def test_the_whole_passphrase_counts() -> None:
    assert by_passphrase("x" * 1000 + "a").raw != by_passphrase("x" * 1000 + "b").raw
    assert by_passphrase("a\0b").raw != by_passphrase("a\0c").raw
    assert by_passphrase("a").raw != by_passphrase("a\0").raw


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_typed_composed_or_decomposed_is_the_same(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        typed = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        assert by_passphrase(typed).raw == by_passphrase(text).raw


def test_full_width_letters_are_the_same() -> None:
    assert by_passphrase("ｐａｓｓ①").raw == by_passphrase("pass1").raw


@pytest.mark.parametrize(
    "params",
    [
        Params(64 * 1024 - 1, 3),
        Params(64 * 1024, 2),
        Params(8, 1),
        Params(1024 * 1024, 1),
        Params(19 * 1024, 16),
    ],
)
def test_parameters_below_the_floor_are_refused(params: Params) -> None:
    with pytest.raises(BelowFloor):
        unlock.from_passphrase("x", SALT, PEPPER, "p1", params)


@pytest.mark.parametrize(
    ("memory", "iterations", "lanes"),
    [
        (65536, 3, 2),
        (65536, 3, 4),
        (65536, 3, 0),
        (0, 3, 1),
        (7, 3, 1),
        (65536, 0, 1),
        (65536, 17, 1),
        (1 << 21, 3, 1),
        (1 << 40, 3, 1),
        (-1, 3, 1),
    ],
)
def test_other_parameters_cannot_even_be_written(memory: int, iterations: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="Argon2"):
        Params(memory, iterations, lanes)


@pytest.mark.parametrize("size", [0, 8, 15])
def test_short_salts_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="salt"):
        by_passphrase(salt=bytes(size))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_peppers_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="pepper"):
        by_passphrase(pepper=bytes(size))


def test_the_default_is_the_promised_price() -> None:
    assert Params(65536, 3, 1) == unlock.DEFAULT == unlock.FLOOR
    assert isinstance(unlock.from_passphrase("x", SALT, PEPPER, "p1"), HybridIdentity)


@pytest.mark.timeout(60)
def test_argon2_in_eight_threads_ends() -> None:
    done: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda: done.append(argon2id(b"x", SALT, unlock.DEFAULT, unlock.FLOOR)),
            daemon=True,
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=50)
    assert len(done) == 8
    assert len(set(done)) == 1


@pytest.mark.parametrize("params", ANSWERS)
def test_argon2id_agrees_with_another_program(params: Params) -> None:
    assert argon2id(b"password", b"somesaltsomesalt", params, LIGHT).hex() == ANSWERS[params]


def test_recovery_key_is_bound_to_the_person() -> None:
    one = unlock.from_recovery_code(bytes(20), "p1")
    assert one.raw == unlock.from_recovery_code(bytes(20), "p1").raw
    assert one.raw != unlock.from_recovery_code(bytes(20), "p2").raw
    assert one.raw != unlock.from_recovery_code(bytes(19) + b"\1", "p1").raw


@pytest.mark.parametrize("size", [0, 16, 19, 21, 32])
def test_recovery_keys_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="20 bytes"):
        unlock.from_recovery_code(bytes(size), "p1")
