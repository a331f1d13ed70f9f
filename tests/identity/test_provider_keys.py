"""Which keys of a provider of single sign-on count."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from portal.identity.sign_on.id_token import public_keys


def rsa(kid: str, size: int = 2048, *, private: bool = False) -> dict[str, Any]:
    return RSAKey.generate_key(size, {"kid": kid}).as_dict(private=private)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_secret_a_weak_or_an_unnamed_key_is_none() -> None:
    shared = OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True)
    nameless = {name: part for name, part in rsa("x").items() if name != "kid"}
    told = [shared, rsa("weak", 1024), nameless, {**rsa("sealing"), "use": "enc"}, "no key", None]
    assert public_keys({"keys": told}) == {}
    assert public_keys({"keys": {"kid": "x"}}) == public_keys({}) == {}


def test_of_a_key_whose_private_part_is_published_only_the_public_part_is_kept() -> None:
    curve = ECKey.generate_key("P-256", {"kid": "curve"}).as_dict(private=True)
    found = public_keys({"keys": [rsa("told", private=True), curve]})
    assert set(found) == {"told", "curve"}
    assert not any(key.is_private for key in found.values())


def test_a_name_that_stands_for_two_keys_stands_for_none() -> None:
    assert set(public_keys({"keys": [rsa("a"), rsa("a"), rsa("b")]})) == {"b"}
