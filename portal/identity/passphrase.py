"""Which passphrases are good enough, and what to tell the person when one is not.

NIST SP 800-63B-4 section 3.1.1: 15 characters or more, no composition rules, a block list with
the reason told, the whole passphrase verified after NFKC. OWASP ASVS V6.2.4, V6.2.5, V6.2.8,
V6.2.9, V6.2.11, V6.2.12.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

MINIMUM = 15
"""Characters, counted as Unicode code points after NFKC."""

MAXIMUM = 200
"""Characters; a longer passphrase is refused with a reason, never cut."""

GUESSES_FLOOR = 10**10
"""Estimated guesses below which a passphrase counts as common.

At the price of the Argon2 derivation it protects (about 0.16 s a guess) this is some fifty
processor-years, after the pepper has been stolen too.
"""

_ESTIMATED = 72
_SIGNS_FOR_LETTERS = frozenset("4@8({[<3691!|70$5+%2")
_MOST_SIGNS = 10
_LEFT_OVER = 8
_DISTINCT = 5
_SHORTEST_CONTEXT_WORD = 3

_ALWAYS_CONTEXT = ("mappa", "mappa portal", "official sensitive")

# Long phrases that frequency lists of short passwords miss, but every guesser tries.
_WELL_KNOWN = frozenset(
    {
        "correcthorsebatterystaple",
        "correctbatteryhorsestaple",
        "thequickbrownfoxjumpsoverthelazydog",
        "thequickbrownfox",
        "tobeornottobethatisthequestion",
        "maytheforcebewithyou",
        "multiagencypublicprotectionarrangements",
        "multiagencypublicprotection",
        "threerandomwords",
        "thisismypassword",
        "thisismypassphrase",
        "iforgotmypassword",
    }
)


class WeakPassphrase(ValueError):
    """The passphrase was refused. `words` tells the person why and what to do; never the text."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def normalise(passphrase: str) -> str:
    """Return the NFKC form: the form that is checked, and the one a key must be derived from.

    Nothing is trimmed and no case is changed, so every character typed counts.
    """
    return unicodedata.normalize("NFKC", passphrase)


def check(passphrase: str, context_words: Sequence[str]) -> None:
    """Return if the passphrase is good enough, else raise `WeakPassphrase`.

    `context_words` are the words an outsider would try first for this person: the area's and
    the agencies' names, the person's own name and e-mail address. "mappa" is always among them.
    """
    if len(passphrase) > MAXIMUM:
        raise _too_long()
    passphrase_clear = normalise(passphrase)
    if len(passphrase_clear) > MAXIMUM:
        raise _too_long()
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in passphrase_clear):
        raise WeakPassphrase(
            "This passphrase contains a character that cannot be typed on every keyboard. "
            "Type it again without tabs, line breaks or control characters."
        )
    if len(passphrase_clear) < MINIMUM:
        raise WeakPassphrase(
            f"This passphrase is too short. Use {MINIMUM} characters or more: "
            "four random words work well."
        )
    squashed_clear = "".join(passphrase_clear.casefold().split())
    if not squashed_clear:
        raise WeakPassphrase("This passphrase is only spaces. Use four random words.")
    if len(set(squashed_clear)) < _DISTINCT or _is_short_repeat(squashed_clear):
        raise WeakPassphrase(
            "This passphrase repeats the same few characters. Use four random words."
        )
    if _is_run(squashed_clear):
        raise WeakPassphrase(
            "This passphrase is a run of characters in order, like abcdef or 123456. "
            "Use four random words."
        )
    words = tuple(_context(context_words))
    if len(_without(squashed_clear, words)) < _LEFT_OVER:
        raise WeakPassphrase(
            "This passphrase is made of words that someone would guess for you: your name, "
            "your e-mail address, your agency or MAPPA. Add other random words."
        )
    letters_clear = "".join(filter(str.isalnum, squashed_clear))
    if letters_clear in _WELL_KNOWN or _is_guessable(passphrase_clear, squashed_clear, words):
        raise WeakPassphrase(
            "This passphrase is on the list of ones that are tried first, or close to one. "
            "Use four random words."
        )


def _too_long() -> WeakPassphrase:
    return WeakPassphrase(
        f"This passphrase is too long. Use {MAXIMUM} characters or fewer; "
        "nothing is ever cut off without telling you."
    )


def _is_short_repeat(text_clear: str) -> bool:
    period = (text_clear + text_clear).find(text_clear, 1)
    return period < _LEFT_OVER and period < len(text_clear)


def _is_run(text_clear: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(text_clear)}
    return steps in ({1}, {-1})


def _context(context_words: Sequence[str]) -> Iterator[str]:
    """Whole phrases without their spaces, and each of their words, longest first."""
    found: set[str] = set()
    for phrase in (*_ALWAYS_CONTEXT, *context_words):
        folded = unicodedata.normalize("NFKC", phrase).casefold()
        parts = [part for part in re.split(r"[\W_]+", folded) if part]
        found.update((*parts, "".join(parts), "".join(folded.split())))
    long_enough = (word for word in found if len(word) >= _SHORTEST_CONTEXT_WORD)
    yield from sorted(long_enough, key=lambda word: (-len(word), word))


def _without(squashed_clear: str, words: Sequence[str]) -> str:
    rest_clear = squashed_clear
    for word in words:
        rest_clear = rest_clear.replace(word, " ")
    return "".join(filter(str.isalnum, rest_clear)) if rest_clear != squashed_clear else rest_clear


def _is_guessable(passphrase_clear: str, squashed_clear: str, words: Sequence[str]) -> bool:
    return any(
        all(_guesses(part, words) < GUESSES_FLOOR for part in _ends(text_clear))
        for text_clear in (passphrase_clear, squashed_clear)
    )


def _ends(text_clear: str) -> Iterator[str]:
    # The estimator's cost grows with length, and steeply with the signs that may stand for
    # letters: without a bound one request could hold a processor for seconds. Each end is a part
    # of the whole, so a good end means a good whole.
    start_clear = _bounded(text_clear)
    yield start_clear
    if start_clear != text_clear:
        yield _bounded(text_clear[::-1])[::-1]


def _bounded(text_clear: str) -> str:
    """The start of the text, as far as the estimator can judge it in a fraction of a second."""
    signs: set[str] = set()
    for position, character in enumerate(text_clear[:_ESTIMATED]):
        if character in _SIGNS_FOR_LETTERS:
            signs.add(character)
        if len(signs) > _MOST_SIGNS:
            return text_clear[:position]
    return text_clear[:_ESTIMATED]


def _guesses(part_clear: str, words: Sequence[str]) -> float:
    from zxcvbn import zxcvbn  # long lists of words: loaded when a passphrase is first chosen

    return float(zxcvbn(part_clear, user_inputs=list(words))["guesses"])
