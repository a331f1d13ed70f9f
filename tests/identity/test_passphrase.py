from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.passphrase import MAXIMUM, MINIMUM, WeakPassphrase, check, normalise
from portal.identity.suggestion import suggest

CONTEXT = ("Kentmere Police", "HMP Longmoor", "Ruth Okafor", "ruth.okafor@kentmere.police.example")


def refused(passphrase: str) -> str:
    with pytest.raises(WeakPassphrase) as why:
        check(passphrase, CONTEXT)
    assert passphrase not in str(why.value), "a refusal never repeats what was typed"
    return why.value.words


@pytest.mark.parametrize(
    "passphrase",
    [
        "hammer violin tepid",
        "coffee train fish lamp",
        "lantern-orbit-saddle",
        "xK9#vQ2$mT7!pL4",
        "the heron ate my mappa folder",
        "żółw gęś jaźń świt",
        (
            "\U0001f41f\U0001f6b2\U0001f319\U0001f35e\U0001f511\U0001f4a7\U0001f525\U0001f33b"
            "\U0001f40c\U0001f30d\U0001f347\U0001f4a1\U0001f6aa\U0001f3b2\U0001f9e6"
        ),
        "  leading and trailing otter  ",
    ],
)
def test_good_ones_pass_without_composition_rules(passphrase: str) -> None:
    check(passphrase, CONTEXT)


def test_two_hundred_characters_are_taken_and_one_more_is_refused() -> None:
    long = ("hammer violin tepid sluice orbit " * 7)[:MAXIMUM]
    check(long, ())
    assert "too long" in refused(long + "x")


def test_the_end_of_a_long_one_counts() -> None:
    check("a" * 72 + "tepid violin hammer sluice", ())


def test_fourteen_are_too_few_and_fifteen_enough() -> None:
    fifteen = "vexed owl trams"
    assert len(fifteen) == MINIMUM
    check(fifteen, ())
    assert "too short" in refused(fifteen[:-1])


def test_length_is_counted_after_nfkc() -> None:
    # One ligature is three letters, and one letter of base and accent is one.
    assert len(normalise("\ufb03")) == 3
    assert "too short" in refused("e\u0301" * 7 + "xkv")
    assert "too long" in refused("\ufdfa" * 20)


@pytest.mark.parametrize("control", ["\x00", "\n", "\t", "\x7f", "\x1b", "\x85", "\ud800"])
def test_control_characters_are_refused(control: str) -> None:
    with pytest.raises(WeakPassphrase) as why:
        check(f"hammer violin{control}tepid sluice", ())
    assert "cannot be typed" in why.value.words


@pytest.mark.parametrize("space", [" ", "\u3000", "\u00a0", "\u2003"])
def test_only_spaces_are_refused(space: str) -> None:
    assert "only spaces" in refused(space * 20)


@pytest.mark.parametrize(
    "passphrase",
    ["a" * 15, "ж" * 30, "\U0001f600" * 15, "abababababababab", "abcdabcdabcdabcd",
     "1 2 1 2 1 2 1 2 1 2", "kwvzqx1kwvzqx1kwvzqx1"],
)  # fmt: skip
def test_repeated_characters_are_refused(passphrase: str) -> None:
    assert "repeats" in refused(passphrase)


@pytest.mark.parametrize(
    "passphrase",
    ["abcdefghijklmnop", "zyxwvutsrqponmlk", "a b c d e f g h i j", "абвгдежзийклмноп",
     "αβγδεζηθικλμνξο"],
)  # fmt: skip
def test_runs_are_refused(passphrase: str) -> None:
    assert "in order" in refused(passphrase)


@pytest.mark.parametrize(
    "passphrase",
    [
        "passwordpassword",
        "PasswordPassword1",
        "P@ssw0rdP@ssw0rd!",
        "p a s s w o r d p a s s w o r d",
        "qwertyuiopasdfghjkl",
        "qwertyuiop[]asdfghjkl",
        "123456789012345",
        "iloveyouiloveyou",
        "letmeinletmein123",
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple!",
        "winter winter winter",
        "passwordpassword" * 10,
        "multi agency public protection arrangements",
        "ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ",
    ],
)
def test_common_ones_are_refused_with_the_reason(passphrase: str) -> None:
    words = refused(passphrase)
    assert "tried first" in words or "repeats" in words


@pytest.mark.parametrize(
    "passphrase",
    [
        "mappamappamappa",
        "Mappa Mappa 2026!",
        "Kentmere Police 2026",
        "kentmere-police-99",
        "RuthOkafor12345",
        "Okafor Ruth MAPPA!!",
        "ruth.okafor@kentmere.police.example",
        "HMPLongmoorHMPLongmoor",
        "ＭＡＰＰＡ ｋｅｎｔｍｅｒｅ 2026",
        "official sensitive mappa",
    ],
)
def test_words_of_the_persons_own_world_are_refused(passphrase: str) -> None:
    words = refused(passphrase)
    assert "guess for you" in words or "repeats" in words


@pytest.mark.parametrize(
    "signs",
    ["4@8({[<3e6g9!1|7$5+%z20" * 8, "a4@8({[<3e6g9!1|7$5+%z2" * 8, "4@8({[<3 6g9!1|7$5 " * 10],
)
def test_no_passphrase_holds_the_processor_for_long(signs: str) -> None:
    started = process_time()
    with suppress(WeakPassphrase):
        check(signs[:MAXIMUM], CONTEXT)
    assert process_time() - started < 1.5


@pytest.mark.parametrize("passphrase", ["8({[<3!|$+%4@96", "9$x!4Q|7[k@3{0%8"])
def test_many_different_signs_are_no_weakness(passphrase: str) -> None:
    check(passphrase, CONTEXT)


def test_a_short_name_in_the_context_does_not_spoil_everything() -> None:
    check("hammer violin tepid", ("a", "Li", "", "  "))


def test_suggestions_pass_and_differ() -> None:
    offered = {suggest() for _ in range(20)}
    assert len(offered) == 20
    for passphrase in offered:
        check(passphrase, CONTEXT)
        assert len(passphrase.split()) == 5


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_judged_and_never_breaks(text: str, context: list[str]) -> None:
    try:
        check(text, context)
    except WeakPassphrase:
        return
    assert MINIMUM <= len(normalise(text)) <= MAXIMUM
