"""Comments, filled-in fields and links: what becomes part of the page, and what goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from pikepdf import Array, Dictionary, Name, NameTree, Object, Page, Pdf, PdfError, String

from portal.documents.boxed import keys
from portal.documents.boxed.layers import Ids, is_off
from portal.documents.boxed.schema import SCHEMA
from portal.documents.boxed.verdict import RefusedError

_COMMENTS: Final = frozenset(
    {
        "/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Line",
        "/Square", "/Circle", "/Polygon", "/PolyLine", "/Stamp", "/Caret", "/Ink",
        "/FileAttachment", "/Redact"
    }
)  # fmt: skip
_ON_THE_PAGE: Final = frozenset({"/FreeText", "/Stamp"})
_FITS: Final = frozenset({"/XYZ", "/Fit", "/FitH", "/FitV", "/FitR", "/FitB", "/FitBH", "/FitBV"})
_MOST_ON_A_PAGE: Final = 10_000
_PASSWORD: Final = 1 << 13  # of a text field's flags (12.7.5.3)
_STARS: Final = 20
_PARENTS: Final = 32


def flatten(pdf: Pdf, pages: list[Page], off: Ids) -> Counter[str]:
    """Make comments and field values part of the page; keep links that stay in the file.

    Remarks on hidden layers, and hidden remarks, go unseen. Returns counts by finding kind.
    Raises RefusedError `too_heavy` for a page with more than anybody made.
    """
    counts: Counter[str] = Counter()
    index = {page.obj.objgen: number for number, page in enumerate(pages)}
    kept: dict[int, list[Object]] = {}
    for page in pages:
        remarks = _remarks(page)
        page.obj.Annots = Array([r for r in remarks if not is_off(r.get("/OC"), off)])
        for remark in remarks:
            _count(remark, counts)
            _veil(remark)
    if any(len(page.obj.Annots) for page in pages):
        try:
            pdf.generate_appearance_streams()
        except (PdfError, ValueError, TypeError, RuntimeError):
            counts["fields_unclear"] += 1
    for number, page in enumerate(pages):
        kept[number] = [link for link in list(page.obj.Annots) if _reduce_link(pdf, link, index)]
        others = [remark for remark in list(page.obj.Annots) if remark.get("/Subtype") != Name.Link]
        page.obj.Annots = Array(others)
    pdf.flatten_annotations("screen")
    for number, page in enumerate(pages):
        keys.drop(page.obj, "/Annots")
        if kept[number]:
            page.obj.Annots = Array([_indirect(pdf, link) for link in kept[number]])
    return counts


def _remarks(page: Page) -> list[Object]:
    found = page.obj.get("/Annots")
    listed = list(found) if isinstance(found, Array) else []
    if len(listed) > _MOST_ON_A_PAGE:
        raise RefusedError("too_heavy")
    return [remark for remark in listed if isinstance(remark, Dictionary)]


def _indirect(pdf: Pdf, link: Object) -> Object:
    return link if link.is_indirect else pdf.make_indirect(link)


def _count(remark: Object, counts: Counter[str]) -> None:
    kind = str(remark.get("/Subtype", ""))
    if kind == "/Widget":
        counts["form_fields"] += 1
    if kind == "/Redact":
        counts["redaction_marks"] += 1
    elif kind in _COMMENTS:
        counts["comments"] += 1
        words = remark.get("/Contents")
        if kind not in _ON_THE_PAGE and isinstance(words, String) and str(words).strip():
            counts["comment_words"] += 1


def _veil(widget: Object) -> None:
    """A field for a password shows none: without this its words would become part of the page."""
    if widget.get("/Subtype") != Name.Widget:
        return
    flags = _of_field(widget, "/Ff")
    if isinstance(flags, int) and flags & _PASSWORD:
        answer = _of_field(widget, "/V")
        widget.V = String("*" * min(_STARS, len(str(answer))) if isinstance(answer, String) else "")


def _of_field(widget: Object, key: str) -> object:
    """What a field says itself or its parents say of it (12.7.4)."""
    each: object = widget
    for _ in range(_PARENTS):
        if not isinstance(each, Dictionary):
            return None
        if key in each:
            return each[key]
        each = each.get("/Parent")
    return None


def _reduce_link(pdf: Pdf, link: Object, index: dict[tuple[int, int], int]) -> bool:
    """Cut a link down to its place and its target inside this file; False if it has none."""
    if link.get("/Subtype") != Name.Link or not isinstance(link.get("/Rect"), Array):
        return False
    action = link.get("/A")
    target = link.get("/Dest")
    if target is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
        target = action.get("/D")
    place = _place(pdf, target, index)
    keys.keep(link, SCHEMA["Link"])
    if place is None:
        return False
    link.Dest = place
    return True


def _place(pdf: Pdf, target: object, index: dict[tuple[int, int], int]) -> Array | None:
    if isinstance(target, String | Name):
        target = _named(pdf, target)
    if isinstance(target, Dictionary):
        target = target.get("/D")
    if not isinstance(target, Array) or len(target) == 0:
        return None
    page: object = target[0]
    rest: Sequence[object] = list(target)[1:]
    if isinstance(page, int) and 0 <= page < len(index):
        page = pdf.pages[page].obj
    if not isinstance(page, Dictionary) or page.objgen not in index:
        return None
    if not rest or not isinstance(rest[0], Name) or str(rest[0]) not in _FITS:
        return Array([page, Name.Fit])
    numbers = [n if _is_number(n) else None for n in rest[1:5]]
    return Array([page, rest[0], *numbers])


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]  # whatever is a number
    except (TypeError, ValueError, ArithmeticError):
        return False
    return True


def _named(pdf: Pdf, name: String | Name) -> object:
    try:
        if isinstance(name, Name):
            return pdf.Root.Dests.get(str(name))
        return NameTree(pdf.Root.Names.Dests).get(str(name))
    except (AttributeError, KeyError, PdfError, ValueError, TypeError, RuntimeError):
        return None
