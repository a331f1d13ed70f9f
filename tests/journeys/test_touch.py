"""A touch confirms the one form it was asked for, in the session that asked, once, for a while.

Below the pages: what a page compares besides (the digest of what it shows) has no part in this.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.chance import new_id
from portal.crypto.fields import seal_field
from portal.domain.factors import FactorKind
from portal.identity.passkey import Site, site_of
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.own_account.passkey_ceremony import ask, signed_by
from portal.journeys.signing_in.second_factor import NO_TOUCH, CodeRefused, spend
from portal.journeys.signing_in.sign_in_with_passkey import ALONE, SECOND
from portal.journeys.signing_in.touch import ACT, LASTS, Touch, asked_touch
from portal.records import passkeys
from tests.journeys.soft_key import PRESENT, SoftKey
from tests.world import BASE_URL, World

PACK, OTHER = "pack.send digest-of-one-pack", "pack.send digest-of-another-pack"


@pytest.fixture
def site() -> Site:
    return site_of(BASE_URL)


@pytest.fixture
def helens(world: World, site: Site) -> SoftKey:
    return given(world, site, "helen")


def given(world: World, site: Site, name: str, *, proved: bool = True, by: str = "") -> SoftKey:
    """A passkey of somebody's, its row signed with the keyring of `by` (their own)."""
    key, who, now = SoftKey(site.origin, site.name), world.who(name), world.clock.now()
    row_id = new_id()
    row = passkeys.Passkey(
        id=row_id,
        area_id=who.actor.area_id,
        person_id=who.actor.person_id,
        name=seal_field(
            world.house.server_keys.field_key, b"Of the tests", "passkeys", "name", row_id
        ),
        credential_id=key.credential_id,
        public_key=key.public,
        recipient=b"",
        sign_count=0,
        sealed=b"",
        signature=b"",
        made_at=now,
        proved_at=now if proved else None,
    )
    signer = world.who(by or name).keyring
    with tending(world.house) as db:
        passkeys.save(db, replace(row, signature=signed_by(signer, row)))
    return key


def touch(who: Who, site: Site, about: str, answer: str) -> Touch:
    return Touch(site, about, answer, who.session_id, who.keyring)


def refused(world: World, who: Who, given: Touch) -> None:
    with pytest.raises(CodeRefused) as found:
        spend(world.house, who.actor, given)
    assert found.value.words == NO_TOUCH


def asked_of(world: World, site: Site, who: Who, about: str = PACK) -> dict[str, object]:
    found = asked_touch(world.house, site, who, about)
    assert found is not None
    return found


def test_it_confirms_the_form_it_was_asked_for_once(
    world: World, site: Site, helens: SoftKey
) -> None:
    who = world.who("helen")
    answer = helens.touch(asked_of(world, site, who))
    given = touch(who, site, PACK, answer)
    assert spend(world.house, who.actor, given) == FactorKind.PASSKEY.value
    refused(world, who, given)


def test_asked_for_one_form_it_confirms_no_other(world: World, site: Site, helens: SoftKey) -> None:
    """The challenge itself is bound to what the page showed: no comparison of digests is needed
    to refuse it, and refusing it spends nothing of the form it was meant for."""
    who = world.who("helen")
    answer = helens.touch(asked_of(world, site, who, PACK))
    for about in (OTHER, "", PACK + " ", PACK.upper(), PACK[:-1]):
        refused(world, who, touch(who, site, about, answer))
    assert spend(world.house, who.actor, touch(who, site, PACK, answer))


def test_asked_in_one_session_it_confirms_nothing_in_another(
    world: World, site: Site, helens: SoftKey
) -> None:
    who = world.who("helen")
    answer = helens.touch(asked_of(world, site, who))
    other = replace(who, session_id=world.session_id(world.begin("helen")))
    refused(world, other, touch(other, site, PACK, answer))
    assert spend(world.house, who.actor, touch(who, site, PACK, answer))


@pytest.mark.parametrize("purpose", [ALONE, SECOND, "passkey-unlock", "passkey-sso"])
def test_asked_for_signing_in_or_unlocking_it_confirms_nothing(
    world: World, site: Site, helens: SoftKey, purpose: str
) -> None:
    who = world.who("helen")
    bound = f"{who.session_id.hex()} {PACK}"
    foreign = helens.touch(ask(world.house, site, purpose, bound, []))
    refused(world, who, touch(who, site, PACK, foreign))
    own = helens.touch(ask(world.house, site, ACT, bound, []))
    assert spend(world.house, who.actor, touch(who, site, PACK, own))


def test_after_its_time_or_before_it_counts_no_more(
    world: World, site: Site, helens: SoftKey
) -> None:
    who = world.who("helen")
    answers = [helens.touch(asked_of(world, site, who)) for _ in range(3)]
    world.clock.advance(LASTS - timedelta(seconds=1))
    assert spend(world.house, who.actor, touch(who, site, PACK, answers[2]))
    world.clock.advance(timedelta(seconds=2))
    refused(world, who, touch(who, site, PACK, answers[1]))
    world.clock.advance(-LASTS - timedelta(minutes=2))
    refused(world, who, touch(who, site, PACK, answers[0]))


def test_somebody_elses_passkey_or_none_of_theirs_confirms_nothing(
    world: World, site: Site, helens: SoftKey
) -> None:
    who, priya = world.who("helen"), world.who("priya")
    theirs = given(world, site, "priya")
    refused(world, who, touch(who, site, PACK, theirs.touch(asked_of(world, site, who))))
    refused(world, priya, touch(priya, site, PACK, helens.touch(asked_of(world, site, priya))))
    stranger = SoftKey(site.origin, site.name)
    refused(world, who, touch(who, site, PACK, stranger.touch(asked_of(world, site, who))))
    impostor = SoftKey(site.origin, site.name, helens.credential_id)
    refused(world, who, touch(who, site, PACK, impostor.touch(asked_of(world, site, who))))


def test_a_row_that_its_owner_did_not_sign_or_prove_confirms_nothing(
    world: World, site: Site, helens: SoftKey
) -> None:
    who = world.who("helen")
    forged = given(world, site, "helen", by="priya")
    refused(world, who, touch(who, site, PACK, forged.touch(asked_of(world, site, who))))
    untried = given(world, site, "helen", proved=False)
    refused(world, who, touch(who, site, PACK, untried.touch(asked_of(world, site, who))))


def test_without_its_user_at_another_site_or_counting_backwards_it_confirms_nothing(
    world: World, site: Site, helens: SoftKey
) -> None:
    who = world.who("helen")
    refused(world, who, touch(who, site, PACK, helens.touch(asked_of(world, site, who), PRESENT)))
    refused(world, who, touch(who, site, PACK, helens.touch(asked_of(world, site, who), 0)))
    for wrong in ({"origin": "http://evil.example"}, {"name": "evil.example"}):
        kept = {name: getattr(helens, name) for name in wrong}
        for name, value in wrong.items():
            setattr(helens, name, value)
        refused(world, who, touch(who, site, PACK, helens.touch(asked_of(world, site, who))))
        for name, value in kept.items():
            setattr(helens, name, value)
    helens.count = 9
    assert spend(
        world.house, who.actor, touch(who, site, PACK, helens.touch(asked_of(world, site, who)))
    )
    helens.count = 3
    refused(world, who, touch(who, site, PACK, helens.touch(asked_of(world, site, who))))
