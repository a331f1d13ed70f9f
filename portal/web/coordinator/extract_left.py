"""Words that were taken out and are seen elsewhere, to be let stay: each once, with its pages.

Much of what stands in one line stands in many others. So each word is asked about once, for all its
places; one that may not stay everywhere is marked where it may not, before the rest is let stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from flask_babel import ngettext

from portal.documents.redact import Left
from portal.journeys.extracts.mark_extract import pages_in, runs
from portal.journeys.unacceptable import Unacceptable

_LAST = 10_000  # more pages than a paper has
_SHOWN = 3  # places of a word that are told with what is around them


def left_words(seen: Iterable[Left]) -> list[tuple[str, str]]:
    """What a form offers, and what it says of it; the words in the order of their first page."""
    words: dict[str, list[Left]] = {}
    for left in seen:
        words.setdefault(left.word, []).append(left)
    return [(_value(word, each), _said(word, each)) for word, each in words.items()]


def read_places(chosen: Sequence[str]) -> list[tuple[str, int]]:
    """The word and page of every place of what was chosen. Raises ValueError."""
    places: list[tuple[str, int]] = []
    for told in chosen:
        found = json.loads(told)
        if not isinstance(found, list) or list(map(type, found)) != [str, str]:
            raise ValueError("no word with its pages")
        word, sheets = found
        try:
            places += [(word, sheet) for sheet in pages_in(sheets, _LAST)]
        except Unacceptable as none:
            raise ValueError("no word with its pages") from none
    return places


def _value(word: str, places: Sequence[Left]) -> str:
    return json.dumps([word, runs({left.sheet for left in places}).replace(" ", "")])


def _said(word: str, places: Sequence[Left]) -> str:
    sheets = {left.sheet for left in places}
    around = [f"{left.before} [{left.found}] {left.after}".strip() for left in places[:_SHOWN]] + (
        ["…"] if len(places) > _SHOWN else []
    )
    said = ngettext(
        "%(word)s. Page %(pages)s, %(times)d times: %(text)s",
        "%(word)s. Pages %(pages)s, %(times)d times: %(text)s",
        len(sheets),
        word=word,
        pages=runs(sheets),
        times=sum(left.times for left in places),
        text=" | ".join(around),
    )
    return str(said)
