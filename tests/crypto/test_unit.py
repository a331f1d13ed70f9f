"""The unit's key, and the recovery kit that gives it back without the portal."""

from __future__ import annotations

import base64
import json
import subprocess
from itertools import combinations

import pytest

from portal.crypto.age.errors import AgeError, BadKey, NotAge, NotForYou
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.keys import identity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.kit import Kit, make_kit, read_back
from portal.crypto.sealing import header_for, new_file_key, open_text, seal_payload, seal_text
from portal.crypto.unit import BadUnitKey, UnitKey, new_unit, open_unit, wrap_unit
from tests.crypto.naming import by_type

UNIT = new_unit()


def test_each_member_opens_the_unit_key_with_their_own() -> None:
    one, other = HybridIdentity(), HybridIdentity()
    blob = wrap_unit(UNIT, one.recipient().raw)
    assert open_unit(blob, [other, one]) == UNIT
    assert open_unit(blob, [one]).recipient() == UNIT.recipient()
    with pytest.raises(NotForYou):
        open_unit(blob, [other])
    with pytest.raises(AgeError):
        open_unit(blob[:-1], [one])


def test_the_unit_opens_what_is_sealed_to_it() -> None:
    blob = seal_text(b"particulars", [UNIT.recipient()])
    assert open_text(blob, [UNIT.opener()]) == b"particulars"
    with pytest.raises(NotForYou):
        open_text(blob, [new_unit().opener()])


def test_the_unit_key_is_an_identity_file_and_does_not_show_itself() -> None:
    one = HybridIdentity()
    clear = open_text(wrap_unit(UNIT, one.recipient().raw), [one])
    assert clear == f"{UNIT.opener()}\n".encode()
    assert repr(UNIT.identity) not in repr(UNIT)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\xff\n",
        b"age-encryption.org/v1\n",
        str(X25519Identity()).encode(),
        str(HybridIdentity().recipient()).encode(),
        f"{UNIT.opener()}\n".encode() * 2,
    ],
    ids=by_type,
)
def test_a_file_that_holds_something_else_is_refused(content: bytes) -> None:
    one = HybridIdentity()
    with pytest.raises(BadUnitKey):
        open_unit(seal_text(content, [one.recipient()]), [one])


@pytest.mark.parametrize("raw", [b"", bytes(32), bytes(1215)], ids=by_type)
def test_the_unit_key_goes_to_hybrid_keys_only(raw: bytes) -> None:
    with pytest.raises(BadKey):
        wrap_unit(UNIT, raw)
    with pytest.raises(BadKey):
        UnitKey(raw + b"x")


# ---- the kit ----


@pytest.fixture(scope="module", params=[(2, 2), (2, 3), (3, 5), (4, 4)], ids=str)
def kit(request: pytest.FixtureRequest) -> tuple[int, Kit]:
    k, n = request.param
    return k, make_kit(UNIT, k, n)


def test_any_k_recover_and_no_fewer(kit: tuple[int, Kit]) -> None:
    k, made = kit
    files = [file.body for file in made.files]
    keys = [identity(text) for text in made.identities]
    for present in combinations(keys, k):
        assert read_back(files, list(reversed(present))).unit == UNIT
    for fewer in combinations(keys, k - 1):
        with pytest.raises(NotForYou):
            read_back(files, fewer)
    assert read_back(files, keys).unit == UNIT


def test_no_custodian_alone_gets_to_the_key_by_any_layer(kit: tuple[int, Kit]) -> None:
    k, made = kit
    for fewer in combinations([identity(text) for text in made.identities], k - 1):
        for file in made.files:
            body = file.body
            with pytest.raises(NotForYou):  # noqa: PT012
                for _ in range(k + 1):
                    body = open_text(body, fewer)
            assert b"AGE-SECRET-KEY" not in body


def test_files_hold_no_key_and_say_who_opens_them(kit: tuple[int, Kit]) -> None:
    k, made = kit
    for file in made.files:
        assert len(file.custodians) == k
        assert file.name == "unit-key-" + "-".join(map(str, file.custodians)) + ".age"
        assert file.body.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
        assert str(UNIT.opener()).encode() not in file.body
    assert str(UNIT.opener()) not in made.instructions + repr(made)
    assert not any(text in made.instructions + repr(made) for text in made.identities)
    assert made.files[0].name in made.instructions


def test_custodians_of_another_kit_recover_nothing() -> None:
    made, other = make_kit(UNIT, 2, 3), make_kit(new_unit(), 2, 3)
    with pytest.raises(NotForYou):
        read_back([f.body for f in made.files], [identity(t) for t in other.identities])
    with pytest.raises(NotForYou):
        read_back([], [identity(t) for t in made.identities])


def test_a_damaged_file_is_told_unless_another_one_helps() -> None:
    made = make_kit(UNIT, 2, 3)
    keys = [identity(text) for text in made.identities]
    body = made.files[0].body
    for bad in (body[: len(body) // 2], body.replace(b"\n", b"", 1), b"", b"x"):
        with pytest.raises(NotAge):
            read_back([bad], keys)
        assert read_back([bad, made.files[2].body], keys).unit == UNIT


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 3), (0, 3), (-1, 3), (4, 3), (2, 100), (5, 10)])
def test_kits_of_one_or_of_too_many_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="kit"):
        make_kit(UNIT, k, n)


@pytest.mark.real("age-encryption (npm)")
def test_recovery_without_any_code_of_the_portal(typage: list[str]) -> None:
    made = make_kit(UNIT, 2, 3)
    file = made.files[1]
    key = new_file_key()
    paper = header_for(key, UNIT.recipient()) + seal_payload(key, b"minutes").body

    def step(identity_text: str, data: bytes, armored: bool) -> bytes:
        steps = [
            {
                "op": "open",
                "identity": identity_text,
                "file": base64.b64encode(data).decode(),
                "armored": armored,
            }
        ]
        done = subprocess.run(
            typage, input=json.dumps(steps).encode(), capture_output=True, check=True
        )
        return base64.b64decode(json.loads(done.stdout)[0]["clear"])

    data = file.body
    for number in file.custodians:
        data = step(made.identities[number - 1], data, armored=True)
    assert step(data.decode().splitlines()[0], paper, armored=False) == b"minutes"
