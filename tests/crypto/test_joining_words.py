"""What seven words give: for one person, salt, pepper and price, and for no other."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto.age.errors import NotForYou
from portal.crypto.argon import BelowFloor, Params
from portal.crypto.fingerprint import word_list
from portal.crypto.joining_words import (
    COUNT,
    BadWords,
    WordsKey,
    from_words,
    new_words,
    read_words,
)
from portal.crypto.sealing import header_for, new_file_key, open_header
from portal.crypto.signing import BadSignature, sign, verify
from portal.crypto.unlock import DEFAULT

CHEAP = Params(8, 1)
SALT, PEPPER = b"s" * 16, b"p" * 32
SPOKEN = [word for word in word_list() if word.isalpha()]
WORDS = st.lists(st.sampled_from(SPOKEN), min_size=COUNT, max_size=COUNT).map(tuple)


def key(
    words: tuple[str, ...], salt: bytes = SALT, pepper: bytes = PEPPER, who: str = "nia"
) -> WordsKey:
    return from_words(words, salt, pepper, who, CHEAP, floor=CHEAP)


def test_they_are_ninety_bits_and_no_two_are_alike() -> None:
    assert COUNT * math.log2(len(SPOKEN)) > 90
    assert len({new_words() for _ in range(200)}) == 200
    assert all(set(new_words()) <= set(SPOKEN) for _ in range(50))


@settings(max_examples=40, deadline=None)
@given(WORDS, st.sampled_from([" ", "  ", ", ", "\n", " - ", ". ", "\t"]), st.booleans())
def test_however_they_are_typed_they_are_the_same(
    words: tuple[str, ...], between: str, loud: bool
) -> None:
    typed = between.join(words)
    assert read_words(typed.upper() if loud else typed) == words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_anything_else_is_refused_and_never_repeated(typed: str) -> None:
    with pytest.raises(BadWords) as bad:
        read_words(typed)
    assert len(typed.strip()) < 8 or typed.strip() not in str(bad.value)


@settings(max_examples=25, deadline=None)
@given(WORDS, WORDS)
def test_what_is_sealed_to_some_words_opens_with_them_alone(
    words: tuple[str, ...], others: tuple[str, ...]
) -> None:
    file_key, mine = new_file_key(), key(words)
    header = header_for(file_key, mine.recipient())
    assert open_header(header, [key(words).opener()]) == file_key
    wrong = [key(words, salt=b"t" * 16), key(words, pepper=b"q" * 32), key(words, who="una")]
    if others != words:
        wrong.append(key(others))
    if words[::-1] != words:
        wrong.append(key(words[::-1]))
    for each in wrong:
        with pytest.raises(NotForYou):
            open_header(header, [each.opener()])
        signature = sign(each.signing_seed, "portal/v1/test", b"text")
        with pytest.raises(BadSignature):
            verify(mine.sign_public(), "portal/v1/test", b"text", signature)


def test_the_two_keys_are_unrelated_and_do_not_show() -> None:
    mine = key(new_words())
    assert mine.seed != mine.signing_seed
    assert mine.seed.hex() not in repr(mine)
    assert repr(mine) == "WordsKey()"


@pytest.mark.parametrize("params", [CHEAP, Params(DEFAULT.memory_kib - 1, 3), Params(65536, 2)])
def test_a_lower_price_is_refused(params: Params) -> None:
    with pytest.raises(BelowFloor):
        from_words(new_words(), SALT, PEPPER, "nia", params)


@pytest.mark.parametrize(("salt", "pepper"), [(b"", PEPPER), (b"s" * 15, PEPPER), (SALT, b"p")])
def test_salt_and_pepper_have_their_sizes(salt: bytes, pepper: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        key(new_words(), salt, pepper)
