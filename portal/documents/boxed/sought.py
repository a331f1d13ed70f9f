"""What the test of an extract looks for, besides the words that somebody typed.

Everything that was covered: each line of it, and each word of it but those that tell nothing by
themselves. A name, a number, or what is written in a script without capitals is sought in every
place of a file. Any other word is sought in what is read and in what is said aloud, and not in
names of fonts, their licences, or the instructions of a page, where such words stand by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portal.documents.boxed import wordlayer
from portal.documents.boxed.everyday import EVERYDAY
from portal.documents.boxed.wording import SHORTEST, folded
from portal.documents.boxed.words import LINE_END_HYPHEN, Line

_LOWER: Final = 3  # letters of a word without a capital
_DIGITS: Final = 3  # signs of a number: a shorter one stands on every page
_PIECES: Final = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['\u2019\u02bc]s$", re.IGNORECASE)
_HYPHENS: Final = (LINE_END_HYPHEN, "-", "\u2010")
_ENDS: Final = '.!?:;)]}"\u201d'


@dataclass(frozen=True)
class Sought:
    """`full`: sought in every place; `light`: sought in what is read and said."""

    full: list[str]
    light: list[str]


def of(covered: Iterable[Line], typed: Sequence[str]) -> Sought:
    """What to look for, each once, the typed words first. Lines in the order they were covered."""
    full: dict[str, str] = {folded(word): word for word in reversed(typed)}
    full = dict(reversed(full.items()))
    light: dict[str, str] = {}
    broken = ""
    for line in covered:
        texts = [word.text for word in line if word.text != wordlayer.REMOVED]
        if not texts:
            continue
        if any(text != text.lower() or folded(text) not in EVERYDAY for text in texts):
            _put(full, " ".join(texts))
        for text, after in _words([broken + texts[0], *texts[1:]] if broken else texts):
            _sort(full, light, text, after)
        if broken:
            for text, after in _words(texts[:1]):
                _sort(full, light, text, after)
        broken = texts[-1].rstrip("".join(_HYPHENS)) if texts[-1].endswith(_HYPHENS) else ""
    return Sought(list(full.values()), [word for key, word in light.items() if key not in full])


def _put(found: dict[str, str], text: str) -> None:
    key = folded(text)
    if len(key) >= SHORTEST:
        found.setdefault(key, text)


def _words(texts: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each word and each piece of a joined one, with whether it goes on in a sentence."""
    goes_on = False
    for text in texts:
        plain = text.replace(LINE_END_HYPHEN, "")
        pieces = [_POSSESSIVE.sub("", piece) for piece in _PIECES.findall(plain)]
        yield (pieces[0] if len(pieces) == 1 else plain), goes_on
        if len(pieces) > 1:
            yield from ((piece, goes_on) for piece in pieces)
        goes_on = not plain.endswith(tuple(_ENDS))


def _sort(full: dict[str, str], light: dict[str, str], text: str, goes_on: bool) -> None:
    letters = folded(text)
    if any(c.isdigit() for c in text):
        if len(letters) >= _DIGITS:
            _put(full, text)
    elif any(c.isupper() for c in text):
        # "May" and "So" are names too, where no sentence begins.
        if letters not in EVERYDAY or (goes_on and text.istitle()):
            _put(full, text)
    elif not any(c.islower() for c in text):
        _put(full, text)
    elif len(letters) >= _LOWER and letters not in EVERYDAY:
        _put(light, text)
