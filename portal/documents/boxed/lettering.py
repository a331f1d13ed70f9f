"""Lays recognised words over pages that are pictures: not to be seen, but to be found and read."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from portal.documents.boxed import frame, pagetree, sanitise, wordtags
from portal.documents.boxed.words import RECOGNISED

_WIDE: Final = 0.6  # of the size, for every letter of Courier
_TALL: Final = 1.25  # Courier is as tall as a line at this many times its height
_LOW: Final = 0.2  # of a line's height lies below its letters' feet
# What Windows-1252 has not, for Welsh: a code that is not used otherwise, and the letter's name.
_WELSH: Final = (
    (0x81, "Ŵ", "Wcircumflex"), (0x8D, "ŵ", "wcircumflex"), (0x8F, "Ŷ", "Ycircumflex"),
    (0x90, "ŷ", "ycircumflex"),
)  # fmt: skip
_CODES: Final = {letter: code for code, letter, _ in _WELSH}

Word = tuple[str, float, float, float, float]


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """`asked["words"]`: [page (from 1), [lines of [text, x, y, w, h]]], in fractions of the page
    as shown from its upper left corner. Answers with the file, and whether it was given tags."""
    with Pdf.open(io.BytesIO(blobs[0]), inherit_page_attributes=False) as pdf:
        pages = pagetree.flatten(pdf, int(asked["pages"]))
        font = pdf.make_indirect(_font())
        told = {int(number): lines for number, lines in asked["words"]}
        tagged = wordtags.Tags(pdf) if wordtags.wanted(pdf, pages, set(told)) else None
        for number, lines in told.items():
            _letter(pdf, pages[number - 1], lines, font, tagged)
        if tagged is not None:
            tagged.finish()
        out = io.BytesIO()
        sanitise.save(pdf, out)
        return {"pages": len(pages), "tagged": tagged is not None}, [out.getvalue()]


def _font() -> Dictionary:
    differences: list[object] = []
    for code, _, name in _WELSH:
        differences += [code, Name(f"/{name}")]
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Courier,
        Encoding=Dictionary(
            Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array(differences)
        ),
    )


def _letter(
    pdf: Pdf, page: Page, lines: Sequence[Any], font: Object, tagged: wordtags.Tags | None
) -> None:
    sheet = frame.sheet_of(page)
    name = _font_name(page, font)
    steps = [f"q {sheet.matrix} cm"]
    for number, words in enumerate(lines):
        drawn = _line(words, sheet.width, sheet.height, name)
        steps += [drawn] if tagged is None else [f"/P <</MCID {number}>> BDC {drawn} EMC"]
    steps.append("Q")
    old = page.obj.get("/Contents", Array([]))
    parts = list(old) if isinstance(old, Array) else [old]
    # The picture says nothing that its words do not say: it is no part of what is read out.
    first, last = (b"q\n", b"\nQ\n") if tagged is None else (b"/Artifact BMC q\n", b"\nQ EMC\n")
    page.obj.Contents = Array(
        [
            pdf.make_stream(first),
            *parts,
            pdf.make_stream(last + "\n".join(steps).encode("ascii")),
        ]
    )
    page.obj[RECOGNISED] = True
    if tagged is not None:
        tagged.add(page, len(lines))


def _font_name(page: Page, font: Object) -> str:
    resources = Dictionary(dict(page.obj.Resources.items()))
    fonts = Dictionary(dict((resources.get("/Font") or Dictionary()).items()))
    number = 0
    while f"/Mw{number}" in fonts:
        number += 1
    fonts[Name(f"/Mw{number}")] = font
    resources.Font = fonts
    page.obj.Resources = resources
    return f"/Mw{number}"


def _line(words: Sequence[Word], wide: float, high: float, font: str) -> str:
    """One line: every word squeezed or stretched to the width it has on the picture."""
    top, bottom = min(y for _, _, y, _, _ in words), max(y + h for _, _, y, _, h in words)
    letters = sum(len(text) for text, *_ in words)
    room = sum(w for _, _, _, w, _ in words) * wide
    # A line that stands upright would ask for letters as tall as it is long.
    size = max(1.0, min((bottom - top) * high * _TALL, 4 * room / max(1, letters)))
    foot = (1 - bottom) * high + _LOW * size / _TALL
    steps = [f"BT 3 Tr {font} {size:.2f} Tf"]
    for text, x, _, w, _ in words:
        squeeze = 100 * w * wide / (_WIDE * size * len(text))
        steps.append(f"{squeeze:.2f} Tz 1 0 0 1 {x * wide:.2f} {foot:.2f} Tm <{_hex(text)}20> Tj")
    return "\n".join([*steps, "ET"])


def _hex(text: str) -> str:
    return bytes(_code(letter) for letter in text).hex()


def _code(letter: str) -> int:
    if letter in _CODES:
        return _CODES[letter]
    try:
        return letter.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord("?")
