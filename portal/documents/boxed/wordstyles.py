"""Text of a .docx that a style hides (ECMA-376 part 1, 17.3.2.41 and 17.7).

A run that says nothing of it itself is hidden where its own style, that of its paragraph or the
defaults of the file say so; the nearest that says anything counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from portal.documents.boxed.rewrite import Attributes
from portal.documents.boxed.wordrules import Body, is_on, value

PART: Final = "word/styles.xml"
_DEEPEST: Final = 50  # styles upon styles


@dataclass
class _Style:
    based_on: str = ""
    hides: bool | None = None


class Styles(Body):
    """The list of styles, kept as it is, and which of them hide."""

    def __init__(self) -> None:
        """Start with no style."""
        super().__init__()
        self._known: dict[str, _Style] = {}
        self._usual = ""
        self._now = self._file = _Style()

    def element(self, name: str, attributes: Attributes) -> bool:
        """Keep what the text keeps, and remember what a style says."""
        if not super().element(name, attributes):
            return False
        if name == "style":
            own = value(attributes, "styleId")
            self._now = self._known.setdefault(own, _Style())
            if value(attributes, "type") == "paragraph" and is_on(attributes, "default", no=""):
                self._usual = own
        elif name == "docDefaults":
            self._now = self._file
        elif name == "basedOn":
            self._now.based_on = value(attributes, "val")
        elif name == "vanish":
            self._now.hides = is_on(attributes)
        return True

    def hidden(self, uses: Counter[tuple[str, str]]) -> int:
        """How many of these runs, told by the styles of paragraph and run, are hidden."""
        return sum(
            count
            for (paragraph, run), count in uses.items()
            if _first([self._says(run), self._says(paragraph or self._usual), self._file.hides])
        )

    def _says(self, name: str) -> bool | None:
        for _ in range(_DEEPEST):
            style = self._known.get(name)
            if style is None or style.hides is not None:
                break
            name = style.based_on
        return None if style is None else style.hides


def _first(said: Iterable[bool | None]) -> bool:
    return next((each for each in said if each is not None), False)
