"""Looks through a rebuilt file, opened once and page by page, for all that its sender is told."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium
from pikepdf import Pdf

from portal.documents.boxed import markings, otherwise, pagetree, painted, scans, unlayer, unseen

_SECONDS: Final = 20.0
_BESIDES: Final = ("other_words", "not_looked_through")


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Of the rebuilt file `blobs[0]`, pages counted from 1.

    "unseen": kind of finding -> pages; "not_looked_through" are those that are too full, or were
    not reached in `asked["seconds"]`. What hidden layers say is passed over there: that there are
    such layers is told already. "pictures": pages that hold a picture and no letter. "above":
    whether a line of it is a marking above OFFICIAL-SENSITIVE, on whichever layer, by what it
    says or by what it paints; where these differ, "other_words" tells.
    """
    until = time.process_time() + float(asked.get("seconds", _SECONDS))
    found: dict[str, list[int]] = {kind: [] for kind in (*unseen.KINDS, *_BESIDES)}
    pictures: list[int] = []
    above = False
    with Pdf.open(io.BytesIO(blobs[0])) as opened:
        units = [pagetree.unit(page.obj) for page in opened.pages]
        patterned = ["/Pattern" in page.resources for page in opened.pages]
        tagged = otherwise.by_page(opened)
        spoken = painted.strip(opened)
        bare = painted.written(opened) if spoken else None
        clear = unlayer.cleaned(opened)
    said = pdfium.PdfDocument(blobs[0])
    whole = said if bare is None else pdfium.PdfDocument(bare)
    shown = whole if clear is None else pdfium.PdfDocument(clear)
    for index in range(len(whole)):
        page = whole[index]
        above = above or markings.marked(page)
        if index in spoken or index in tagged:
            above = above or markings.marked(said[index])
            if otherwise.differs(said[index], page, tagged.get(index, [])):
                found["other_words"].append(index + 1)
        if scans.is_picture(page):
            pictures.append(index + 1)
        page_shown = page if clear is None else shown[index]
        for kind in _kinds(page_shown, units[index], until, patterned=patterned[index]):
            found[kind].append(index + 1)
        page.close()
    return {"pages": len(whole), "unseen": found, "pictures": pictures, "above": above}, []


def _kinds(page: pdfium.PdfPage, unit: float, until: float, *, patterned: bool) -> set[str]:
    if time.process_time() >= until:
        return {"not_looked_through"}
    try:
        return unseen.look(page, unit, patterned=patterned)
    except pdfium.PdfiumError:
        return {"not_looked_through"}
