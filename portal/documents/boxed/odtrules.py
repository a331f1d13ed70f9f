"""What of an .odt becomes pages: the final text, and nothing from outside the file (ODF 1.3)."""

from __future__ import annotations

import re
from typing import Final

from portal.documents.boxed.rewrite import Attributes, Rules, local

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SCRIPTS: Final = frozenset({"script", "event-listener", "libraries", "event"})
_EMBEDDED: Final = frozenset({"object-ole", "plugin", "applet", "floating-frame"})
_OUTSIDE: Final = frozenset({"section-source", "dde-source", "dde-connection-decl"})
_TRACES: Final = frozenset(
    {"change", "change-start", "change-end", "annotation-end", "font-face-src", "layout-cache"}
)
_HIDDEN: Final = frozenset({"hidden-text", "hidden-paragraph"})
_HIDES: Final = frozenset({"text-properties", "section"})
_NOT_SHOWN: Final = frozenset({"none", "true", "condition"})
_MOVING: Final = frozenset({"date-value", "time-value"})
_OWN: Final = frozenset({"file-name", "author-name", "author-initials", "template-name"})


class Body(Rules):
    """The text, its styles and what is told about it."""

    def element(self, name: str, attributes: Attributes) -> bool:
        """Keep the final text; drop comments, deletions, and what reaches outside."""
        for names, kind in (
            ({"changed-region"}, "tracked_changes"),
            ({"annotation"}, "word_comments"),
            (_SCRIPTS, "scripts"),
            (_EMBEDDED, "embedded_files"),
            (_OUTSIDE, "outside_parts"),
        ):
            if name in names:
                self.counts[kind] += 1
                return False
        if name in _TRACES:
            return False
        if name in _HIDDEN or (name in _HIDES and _value(attributes, "display") in _NOT_SHOWN):
            self.counts["hidden_words"] += 1
        self.counts["moving_dates"] += _fix(name, attributes)
        return self._leads_inside(name, attributes)

    def _leads_inside(self, name: str, attributes: Attributes) -> bool:
        for key, value in attributes.items():
            if local(key) != "href" or not _leads_out(value):
                continue
            if name != "a":
                self.counts["outside_parts"] += 1
                return False
            attributes[key] = "about:blank"
        return True


class Manifest(Rules):
    """The list of parts, without those that are dropped."""

    def __init__(self, dropped: frozenset[str]) -> None:
        """Leave these out."""
        super().__init__()
        self._dropped = dropped

    def element(self, name: str, attributes: Attributes) -> bool:
        """Whether a part, or what is said of one, stays."""
        del name
        return _value(attributes, "full-path") not in self._dropped


def _leads_out(target: str) -> bool:
    target = target.strip()
    outside = target.startswith(("/", "\\")) or ".." in target.split("/") or "\\" in target
    return outside or _SCHEME.match(target) is not None


def _fix(name: str, attributes: Attributes) -> bool:
    """A date stays the one last seen, and not the day on which the file becomes pages.

    True for a date that was not so already.
    """
    told = {local(key) for key in attributes}
    is_date = name in ("date", "time") and bool(told & _MOVING)
    if not is_date and name not in _OWN:
        return False
    moving = is_date and _value(attributes, "fixed") != "true"
    for key in [key for key in attributes if local(key) == "fixed"]:
        del attributes[key]
    attributes["text:fixed"] = "true"
    return moving


def _value(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if local(key) == name), "")
