"""Our own pages: covers, authorities, replies, receipts, as tagged PDF/UA-1.

What people typed reaches a template only as JSON data, never as its source, so it is printed
and never obeyed.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import typst

from portal.documents.fonts import fonts

Template = Literal[
    "cover",
    "apart",
    "placeholder",
    "minutes",
    "summary",
    "disposal",
    "authority",
    "refusal",
    "receipt",
    "practice",
    "sample",
    "notice",
    "strips",
]

_LOG = logging.getLogger(__name__)
_ROOM: Final = Path(__file__).resolve()
_PLACES: Final = (_ROOM.parents[2] / "templates", _ROOM.parents[1] / "templates")
_MOST: Final = 400_000
# Marks that turn the direction of what follows: in a name they could disguise a copy's number.
_UNSEEN: Final = dict.fromkeys(
    code
    for first, last in (
        (0x00, 0x08),
        (0x0B, 0x0C),
        (0x0E, 0x1F),
        (0x7F, 0x9F),
        (0x61C, 0x61C),
        (0x200E, 0x200F),
        (0x202A, 0x202E),
        (0x2066, 0x2069),
        (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


_UNKNOWN = "\ufffd"
_JOINER = "\u200d"  # makes one letter of two, and of none nothing
_MOST_UNKNOWN = 40  # tries: one names one character, and each costs a page's making
_NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def typeset(template: Template, data: Mapping[str, object], *, overlay: bool = False) -> bytes:
    """Print `data` on a template of `templates/papers`; dates come as words.

    The result is PDF/UA-1; characters that no font here has become one that says so. More of them
    than names could have cost the file that claim, not its making. An `overlay` is untagged, to be
    painted over other pages.

    Raises ValueError: when the data is larger than 400,000 characters or lacks a field.
    FontsMissingError: before set-up.
    """
    told = _told(data)
    root = templates()
    left = 0 if overlay else _MOST_UNKNOWN
    while True:
        try:
            return typst.compile(
                str(root / f"{template}.typ"),
                root=str(root),
                format="pdf",
                font_paths=fonts(),
                ignore_system_fonts=True,
                sys_inputs={"data": told},
                pdf_standards="ua-1" if left else None,
                pdf_tags=not overlay,
            )
        except typst.TypstError as error:
            if not left or "PDF/UA-1 error" not in error.message:
                raise ValueError(f"cannot typeset {template}: {error.message}") from error
            unknown = _unknown(error.message)
            told = told.translate(dict.fromkeys(map(ord, unknown), _UNKNOWN))
            told = told.replace(_UNKNOWN + _JOINER, _UNKNOWN)
            left = left - 1 if unknown else 0
            if not left:
                _LOG.warning("a %s holds words that cannot be read aloud", template)


def _unknown(message: str) -> set[str]:
    """The characters that the typesetter says it has no letter for. Our own marks are none."""
    found = _NO_LETTER.search(message)
    text = "" if found is None else _ESCAPED.sub(lambda each: chr(int(each[1], 16)), found[1])
    return {each for each in text if not each.isascii() and each != _UNKNOWN}


def count_pages(template: Template, data: Mapping[str, object]) -> int:
    """How many pages `typeset` makes of this; for templates that end in a `pages` label."""
    root = templates()
    found = typst.query(
        str(root / f"{template}.typ"),
        "<pages>",
        field="value",
        one=True,
        root=str(root),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": _told(data)},
    )
    return int(json.loads(found))


def _told(data: Mapping[str, object]) -> str:
    text = json.dumps(_clean(dict(data)), ensure_ascii=False)
    if len(text) > _MOST:
        raise ValueError("too much text for a page")
    return text


def printable(text: str) -> str:
    """The text without control characters, and without marks that turn its direction."""
    return text.replace("\r\n", "\n").translate(_UNSEEN)


def in_groups(digest: str) -> str:
    """A digest in groups of eight, so that it breaks between lines and can be read out."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {str(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def templates() -> Path:
    """The folder of the templates, in a checkout or in the installed package."""
    for place in _PLACES:
        if (place / "papers").is_dir():
            return place / "papers"
    raise FileNotFoundError("templates/papers")
