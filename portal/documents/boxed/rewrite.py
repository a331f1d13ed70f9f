"""Reads XML as a stream and writes it anew, leaving out what a set of rules refuses.

What comes out has no document type, entities, comments or processing instructions, whatever went
in: the office program that reads it next never sees a byte of the original markup.
"""

from __future__ import annotations

from collections import Counter
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from portal.documents.boxed.verdict import RefusedError

_DEEPEST: Final = 500
_QUOTED: Final = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}

Attributes = dict[str, str]


def local(name: str) -> str:
    """The name without its prefix: rules go by it, whatever prefix a file chose."""
    return name.rpartition(":")[2]


class Rules:
    """What becomes of elements and words. The base keeps all; counts are by finding kind."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.counts: Counter[str] = Counter()

    def element(self, name: str, attributes: Attributes) -> bool:
        """Whether an element (local name) stays with what is in it; may change `attributes`."""
        del name, attributes
        return True

    def unwrap(self, name: str) -> bool:
        """Whether an element goes while what is in it stays."""
        del name
        return False

    def words(self, index: int) -> None:
        """Told where in the output each run of text was put, while it stands in `element`."""
        del index

    def ended(self, name: str) -> None:
        """Told when a kept element has ended."""
        del name

    def finish(self, out: list[str]) -> None:
        """Told when all is read; may still blank what it was told of."""
        del out


def rewrite(text: bytes, rules: Rules) -> bytes:
    """The XML by `rules`, as UTF-8.

    Raises RefusedError: `hostile` for a document type (and so for every entity) and for depth,
    `damaged` for what is not well formed.
    """
    return _Writer(rules).run(text)


class _Writer:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._out: list[str] = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
        self._deep = 0
        self._dropping = 0  # the depth at which an element was dropped; 0 when none is
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.EntityDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words

    def run(self, text: bytes) -> bytes:
        try:
            self._parser.Parse(text, True)
        except (expat.ExpatError, LookupError, UnicodeError) as broken:
            raise RefusedError("damaged") from broken
        self._rules.finish(self._out)
        return "".join(self._out).encode()

    def _start(self, name: str, attributes: Attributes) -> None:
        self._deep += 1
        if self._deep > _DEEPEST:
            raise RefusedError("hostile")
        if self._dropping:
            return
        plain = local(name)
        if not self._rules.element(plain, attributes):
            self._dropping = self._deep
            return
        if self._rules.unwrap(plain):
            return
        told = "".join(f' {key}="{escape(value, _QUOTED)}"' for key, value in attributes.items())
        self._out.append(f"<{name}{told}>")

    def _end(self, name: str) -> None:
        deep, self._deep = self._deep, self._deep - 1
        if self._dropping:
            if self._dropping == deep:
                self._dropping = 0
            return
        plain = local(name)
        if not self._rules.unwrap(plain):
            self._out.append(f"</{name}>")
        self._rules.ended(plain)

    def _words(self, words: str) -> None:
        if not self._dropping:
            self._out.append(escape(words, {"\r": "&#13;"}))
            self._rules.words(len(self._out) - 1)


def _refuse(*_told: object) -> None:
    raise RefusedError("hostile")
