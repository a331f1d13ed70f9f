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
from portal.documents.letters import UNKNOWN, joins, legible, replaced

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
_MOST_TRIES: Final = 8  # each names one joined letter that no font has whole, and costs a making
_NO_LETTER: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def typeset(template: Template, data: Mapping[str, object], *, overlay: bool = False) -> bytes:
    """Print `data` on a template of `templates/papers`; dates come as words.

    The result is PDF/UA-1; characters that no font here has became one that says so. Many marks on
    letters that no font has together could cost the file that claim, not its making. An `overlay`
    is untagged, to be painted over other pages.

    Raises ValueError: when the data is larger than 400,000 characters or lacks a field.
    FontsMissingError: before set-up.
    """
    return _printed(template, _told(data), overlay=overlay)[0]


def _printed(template: Template, told: str, *, overlay: bool = False) -> tuple[bytes, str]:
    """The pages, and the words that really stand on them."""
    root = templates()
    left = 0 if overlay else _MOST_TRIES
    while True:
        try:
            made = typst.compile(
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
            unknown = _unknown(error.message, told)
            told = replaced(told, unknown)
            left = left - 1 if unknown else 0
            if not left:
                _LOG.warning("a %s holds words that cannot be read aloud", template)
        else:
            return made, told


def _unknown(message: str, told: str) -> set[str]:
    """The characters that the typesetter says it has no letter for. Our own marks are none.

    A plain letter has one: of it, what joins it.
    """
    found = _NO_LETTER.search(message)
    text = "" if found is None else _ESCAPED.sub(lambda each: chr(int(each[1], 16)), found[1])
    named = {each for each in text if not each.isascii() and each != UNKNOWN}
    if named or not text:
        return named
    behind = re.findall(re.escape(text) + "(.)", told)
    return {each for each in behind if not each.isascii() and joins(each)}


def count_pages(template: Template, data: Mapping[str, object]) -> int:
    """How many pages `typeset` makes of this; for templates that end in a `pages` label."""
    told = _told(data)
    if any(joins(each) for each in set(told) if not each.isascii()):
        # Only printing tells which joined letters become one that no font has.
        told = _printed(template, told)[1]
    root = templates()
    found = typst.query(
        str(root / f"{template}.typ"),
        "<pages>",
        field="value",
        one=True,
        root=str(root),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": told},
    )
    return int(json.loads(found))


def _told(data: Mapping[str, object]) -> str:
    text = json.dumps(_clean(dict(data)), ensure_ascii=False)
    if len(text) > _MOST:
        raise ValueError("too much text for a page")
    return legible(text)


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
