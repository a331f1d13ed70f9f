"""Counts what a file holds beyond its pages, before any of it is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_ACTIONS: Final = {
    "/JavaScript": "scripts", "/Launch": "programs", "/URI": "web_links",
    "/GoToR": "other_files", "/GoToE": "other_files", "/Thread": "other_files",
    "/SubmitForm": "sending", "/ImportData": "sending", "/ResetForm": "sending",
    "/Rendition": "media", "/Movie": "media", "/Sound": "media", "/RichMediaExecute": "media",
    "/GoTo3DView": "media", "/Hide": "effects", "/Named": "effects", "/Trans": "effects",
    "/SetOCGState": "effects",
}  # fmt: skip
_MEDIA: Final = frozenset({"/Movie", "/Sound", "/Screen", "/3D", "/RichMedia"})
_PADDING: Final = b"\0\t\n\f\r "
_SOMETHING: Final = 64  # bytes behind the end of a file; less is what a mail program leaves there


def look(pdf: Pdf, original: bytes) -> Counter[str]:
    """Counts by finding kind, over every object and what is nested in it."""
    counts: Counter[str] = Counter()
    waiting: list[object] = []
    files, named = set[tuple[int, int]](), set[tuple[int, int]]()
    for top in pdf.objects:
        if isinstance(top, Stream) and top.get("/Type") == Name.EmbeddedFile:
            files.add(top.objgen)
        waiting.append(top)
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, Array):
                waiting += [each for each in list(thing) if _nested(each)]
            elif isinstance(thing, Dictionary | Stream):
                _one(thing, counts)
                named |= _files(thing)
                waiting += [each for each in thing.values() if _nested(each)]
    counts["attachments"] += len(files - named)
    _whole_file(pdf, original, counts)
    return counts


def _files(thing: Object) -> set[tuple[int, int]]:
    """The streams that a file specification names; what it names is counted with it."""
    files = thing.get("/EF")
    if not isinstance(files, Dictionary):
        return set()
    return {each.objgen for each in files.values() if isinstance(each, Stream)}


def _nested(value: object) -> bool:
    return isinstance(value, Array | Dictionary) and not value.is_indirect


def _one(thing: Object, counts: Counter[str]) -> None:
    action = thing.get("/S")
    if isinstance(action, Name) and str(action) in _ACTIONS and not _is_element(thing):
        counts[_ACTIONS[str(action)]] += 1
    elif "/JS" in thing:
        counts["scripts"] += 1
    if isinstance(thing.get("/EF"), Dictionary):
        counts["attachments"] += 1
    if str(thing.get("/Subtype", "")) in _MEDIA and "/Rect" in thing:
        counts["media"] += 1
    if isinstance(thing, Stream) and "/F" in thing:
        counts["outside_data"] += 1
    if thing.get("/FT") == Name.Sig and isinstance(thing.get("/V"), Dictionary):
        counts["signatures"] += 1


def _is_element(thing: Object) -> bool:
    return thing.get("/Type") == Name.StructElem or "/Pg" in thing or "/K" in thing


def _whole_file(pdf: Pdf, original: bytes, counts: Counter[str]) -> None:
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("details", lambda: "/Info" in pdf.trailer or "/Metadata" in pdf.Root),
        ("form_program", lambda: _form(pdf, "/XFA") is not None),
        ("portfolio", lambda: "/Collection" in pdf.Root),
        ("lock_removed", lambda: pdf.is_encrypted),
        ("repaired", lambda: bool(pdf.get_warnings())),
    ]
    for kind, check in checks:
        if check():
            counts[kind] += 1
    _, end, behind = original.rpartition(b"%%EOF")
    if end and len(behind.strip(_PADDING)) >= _SOMETHING:
        counts["attachments"] += 1
    versions = original.count(b"startxref") - (2 if pdf.is_linearized else 1)
    if versions > 0:
        counts["older_versions"] += versions


def _form(pdf: Pdf, key: str) -> object:
    form = pdf.Root.get("/AcroForm")
    return form.get(key) if isinstance(form, Dictionary) else None


def is_dynamic_form(pdf: Pdf) -> bool:
    """Whether the pages are only drawn by Adobe's form program, so that there is nothing to keep.

    Says so itself (NeedsRendering), or has a form program and not one ordinary field.
    """
    says_so: object = pdf.Root.get("/NeedsRendering")
    if says_so is True:
        return True
    fields = _form(pdf, "/Fields")
    empty = not isinstance(fields, Array) or len(fields) == 0
    return _form(pdf, "/XFA") is not None and empty
