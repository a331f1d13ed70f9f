"""A unit's key that follows another, and texts that are sealed to it anew."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto.age.errors import AgeError, NotForYou, Refused
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.kit import make_kit, read_back, unit_for_kit, unit_now
from portal.crypto.sealing import open_text, reseal_text, seal_text
from portal.crypto.unit import BadUnitKey, UnitKey, new_unit, open_unit, succeed, wrap_unit

FIRST = new_unit()
SECOND = succeed(FIRST)
OTHERS = tuple(HybridIdentity() for _ in range(4))
STRANGER = HybridIdentity()


def test_the_new_key_comes_first_and_the_former_ones_stay() -> None:
    third = succeed(SECOND)
    assert third.former == (SECOND.identity, FIRST.identity)
    assert third.recipient() not in (FIRST.recipient(), SECOND.recipient())
    for unit in (FIRST, SECOND, third):
        assert open_text(seal_text(b"x", [unit.recipient()]), third.openers()) == b"x"
    with pytest.raises(NotForYou):
        open_text(seal_text(b"x", [third.recipient()]), SECOND.openers())


def test_all_of_them_are_wrapped_to_a_member_and_none_is_shown() -> None:
    one = HybridIdentity()
    assert open_unit(wrap_unit(SECOND, one.recipient().raw), [one]) == SECOND
    assert repr(FIRST.identity) not in repr(SECOND)


def test_no_identity_stands_in_a_key_twice() -> None:
    with pytest.raises(BadUnitKey):
        UnitKey(FIRST.identity, (FIRST.identity,))


def test_a_kit_holds_the_former_ones_too() -> None:
    kit = make_kit(SECOND, 2, 3)
    opened = read_back(
        [file.body for file in kit.files], [HybridIdentity(text) for text in kit.identities[1:]]
    )
    assert opened.unit == SECOND
    assert opened.backups.recipient().raw == kit.backup_key


def test_a_later_key_is_given_by_the_custodians_of_an_earlier_kit_and_by_nobody_else() -> None:
    kit, other = make_kit(FIRST, 2, 3), make_kit(FIRST, 2, 3)
    sealed = unit_for_kit(SECOND, kit.backup_key)
    mine, theirs = (
        read_back([f.body for f in k.files], [HybridIdentity(t) for t in k.identities[:2]])
        for k in (kit, other)
    )
    assert unit_now(mine, sealed) == SECOND
    with pytest.raises(NotForYou):
        unit_now(theirs, sealed)
    # Whoever held the unit's key until then is who it was changed for.
    with pytest.raises(NotForYou):
        open_text(sealed, FIRST.openers())


@settings(max_examples=30, deadline=None)
@given(
    clear=st.binary(max_size=200_000),
    others=st.integers(0, len(OTHERS)),
    place=st.integers(0, len(OTHERS)),
)
def test_a_text_sealed_anew_opens_for_the_same_people(
    clear: bytes, others: int, place: int
) -> None:
    to = [each.recipient().raw for each in OTHERS[:others]]
    to.insert(place, FIRST.recipient())
    before = seal_text(clear, to)
    after = reseal_text(before, SECOND.openers(), SECOND.recipient())
    assert len(after) == len(before)
    for identity in (SECOND.opener(), *OTHERS[:others]):
        assert open_text(after, [identity]) == clear
    for identity in (FIRST.opener(), STRANGER, *OTHERS[others:]):
        with pytest.raises(NotForYou):
            open_text(after, [identity])


def test_only_whoever_opens_a_text_seals_it_anew() -> None:
    sealed = seal_text(b"why", [OTHERS[0].recipient().raw])
    with pytest.raises(NotForYou):
        reseal_text(sealed, SECOND.openers(), SECOND.recipient())


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 3_000), bit=st.integers(0, 7))
def test_a_text_that_was_changed_is_refused_or_does_not_open_afterwards(at: int, bit: int) -> None:
    sealed = bytearray(seal_text(b"why", [FIRST.recipient(), OTHERS[0].recipient().raw]))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(AgeError):
        open_text(
            reseal_text(bytes(sealed), SECOND.openers(), SECOND.recipient()), SECOND.openers()
        )


def test_a_classic_recipient_does_not_stand_beside_the_new_one() -> None:
    one, other = X25519Identity(), X25519Identity()
    sealed = seal_text(b"why", [one.recipient(), other.recipient()])
    with pytest.raises(Refused):
        reseal_text(sealed, [one], SECOND.recipient())
