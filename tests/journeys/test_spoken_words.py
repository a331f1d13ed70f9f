"""Four words that a colleague spoke to whom strangers keep out: nobody's persistence reaches their
owner for four hours, and they open nothing by themselves."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.identity import throttle_keys
from portal.identity.throttle import CONSECUTIVE_LIMIT, SPOKEN_LASTS
from portal.identity.throttle_keys import Bucket
from portal.journeys.signing_in.attempting import PURPOSE, NotRight
from portal.journeys.signing_in.counters import peek
from portal.journeys.signing_in.let_try_again import EMPTIED, WORDS, let_try_again
from portal.journeys.signing_in.recover import give_recovery_code
from portal.journeys.signing_in.sign_in import give_passphrase
from portal.journeys.signing_in.throttling import Source, charge
from portal.policy.actions import Action
from portal.records import outbox
from portal.records.database import reading
from tests.web.browsing import send, text_of
from tests.world import World, cast

SHARED = "198.51.100.7"


def strangers(world: World, name: str = "ruth") -> None:
    """A script goes on failing in somebody's name until nobody unknown is let in."""
    email, account = cast()[name].email, world.person(name).account_id
    for made in range(2 * CONSECUTIVE_LIMIT):
        world.clock.advance(timedelta(seconds=61))
        for purpose in EMPTIED:
            charge(world.house, purpose, email, account, Source(f"203.0.113.{made}"))
    assert not gets_in(world, name=name)


def let(world: World, name: str = "ruth") -> str:
    """Helen rings them, and reads the words out."""
    person_id, code = cast()[name].person_id, world.code("helen")
    action = Action.DECIDE_TRIES_ALLOW
    return " ".join(let_try_again(world.house, world.who("helen"), person_id, code, action))


def gets_in(world: World, words: str = "", name: str = "ruth", passphrase: str = "") -> bool:
    mine = cast()[name]
    world.clock.advance(timedelta(seconds=5))
    try:
        source = Source(SHARED, None, words)
        give_passphrase(world.house, mine.email, passphrase or mine.passphrase, source)
    except NotRight:
        return False
    return True


def refused(world: World, words: str, email: str) -> str:
    with pytest.raises(NotRight) as wrong:
        give_passphrase(world.house, email, "not their passphrase", Source(SHARED, None, words))
    return wrong.value.words


def test_strangers_who_go_on_keep_nobody_out_who_has_the_words(world: World) -> None:
    strangers(world)
    words = let(world)
    assert len(words.split()) == WORDS
    strangers(world)
    assert gets_in(world, words)
    assert gets_in(world, words.upper().replace(" ", ", "))


def test_at_recovery_they_count_as_well(world: World) -> None:
    mine = cast()["ruth"]
    words = let(world)
    strangers(world)
    with pytest.raises(NotRight, match="Too many tries"):
        give_recovery_code(world.house, mine.email, mine.recovery_code, Source(SHARED))
    assert give_recovery_code(
        world.house, mine.email, mine.recovery_code, Source(SHARED, None, words)
    )


def test_other_words_or_somebody_elses_are_nothing(world: World) -> None:
    words, other = let(world), let(world, "joe")
    strangers(world)
    first, *rest = words.split()
    for typed in (other, " ".join(rest), f"{first} {first} {first} {first}", "x", " ", "'; --"):
        assert not gets_in(world, typed)
    assert gets_in(world, words)


def test_they_replace_no_passphrase(world: World) -> None:
    words = let(world)
    assert not gets_in(world, words, passphrase="heron copper ladder violet monsoon")


def test_they_end_after_four_hours(world: World) -> None:
    words = let(world)
    strangers(world)
    world.clock.advance(SPOKEN_LASTS)
    assert not gets_in(world, words)


def test_whoever_overheard_them_has_nineteen_guesses_and_the_owner_is_told(world: World) -> None:
    words, email = let(world), cast()["ruth"].email
    strangers(world)
    before = warned(world)
    for _ in range(19):
        assert "not right" in refused(world, words, email)
    assert "Too many tries" in refused(world, words, email)
    assert warned(world) == before + 1


def warned(world: World) -> int:
    """Letters to Ruth that somebody tries in her name."""
    with reading(world.house.engine) as db:
        due = outbox.due(db, world.clock.now(), 500)
    mine = cast()["ruth"].email
    return sum(each.letter == "attempts_seen" and each.address == mine for each in due)


def test_a_flood_from_her_own_address_does_not_reach_them(world: World) -> None:
    """A whole agency may come from one address, and somebody in it may fail without end."""
    words, mine = let(world), cast()["ruth"]
    for made in range(60):
        charge(world.house, PURPOSE, f"nobody{made}@x.example", None, Source(SHARED))
    assert not gets_in(world)
    assert give_passphrase(world.house, mine.email, mine.passphrase, Source(SHARED, None, words))


def of_address(world: World) -> int:
    """How many failures are counted at that address."""
    pepper = world.house.server_keys.pepper()
    keys = throttle_keys.keys_for(pepper, "x@x.example", SHARED, None)
    (key,) = [each for each in keys if Bucket(each).kind is throttle_keys.Kind.ADDRESS]
    with reading(world.house.engine) as db:
        return peek(db, key).failures


def test_signing_in_with_them_gives_back_what_it_took_and_no_more(world: World) -> None:
    """Else whoever has an account and words would buy guesses at others."""
    words, mine = let(world), cast()["ruth"]
    for made in range(7):
        charge(world.house, PURPOSE, f"nobody{made}@x.example", None, Source(SHARED))
    before = of_address(world)
    client = world.client()
    fields = {"email": mine.email, "passphrase": mine.passphrase, "spoken": words}
    where = {"REMOTE_ADDR": SHARED}
    client.environ_base.update(where)
    assert send(client, "/sign-in", **fields).headers["Location"].startswith("/sign-in/code")
    assert of_address(world) == before
    assert send(client, "/sign-in/code", code=world.code("ruth")).status_code == 303
    assert of_address(world) == before


def test_nobody_is_told_apart_by_words(world: World) -> None:
    known = refused(world, "any four words typed", cast()["ruth"].email)
    assert refused(world, "any four words typed", "stranger@x.example") == known


def test_they_are_read_from_one_page_and_typed_on_another(world: World) -> None:
    strangers(world)
    helen = world.client("helen")
    path = f"/unit/people/{cast()['ruth'].person_id}/try-again"
    shown = send(helen, path, code=world.code("helen")).get_data(as_text=True)
    listed = re.search(r'<ol class="[^"]*portal-words">(.*?)</ol>', shown, re.DOTALL)
    assert listed is not None
    words = " ".join(re.findall(r"<li>([^<]+)</li>", listed[1]))
    assert len(words.split()) == WORDS
    assert words not in text_of(helen.get(path, follow_redirects=True))
    strangers(world)
    client, mine = world.client(), cast()["ruth"]
    fields = {"email": mine.email, "passphrase": mine.passphrase}
    assert "Too many tries" in text_of(send(client, "/sign-in", **fields))
    wrong = send(client, "/sign-in", spoken="four wrong words here", **fields)
    assert "four wrong words here" in wrong.get_data(as_text=True)
    assert send(client, "/sign-in", spoken=words, **fields).status_code == 303
    again = {"email": mine.email, "recovery_code": mine.recovery_code}
    assert "Too many tries" in text_of(send(world.client(), "/recover", **again))
    assert send(world.client(), "/recover", spoken=words, **again).status_code == 303
