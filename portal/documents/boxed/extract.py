"""Makes an extract: chosen pages, and places painted over, with nothing of what was there.

A page with a painted place becomes a picture with its surviving words laid over it. Any other page
stays as it is, with only what it uses. If the test finds a word beneath such a page where nobody
sees it, that page becomes a picture too; then the file is rebuilt by the whitelist, and tested.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Page, Pdf

from portal.documents.boxed import (
    blackout,
    keys,
    layers,
    pagetree,
    prune,
    roles,
    sanitise,
    sought,
    tags,
    unlayer,
    wordlayer,
)
from portal.documents.boxed.leaf import Shapes
from portal.documents.boxed.parts import Parts
from portal.documents.boxed.readings import Readings
from portal.documents.boxed.remains import Allowed, Remains, brief, look
from portal.documents.boxed.shown import Shown, look_at
from portal.documents.boxed.trim import Trimmer
from portal.documents.boxed.verdict import RefusedError
from portal.documents.boxed.wording import folded
from portal.documents.boxed.words import RECOGNISED

_ROUNDS: Final = 3
_NAME_LETTERS: Final = 3


@dataclass
class _Wish:
    """What is asked: pages in order, areas by page, words, and what may stay. `read`: the pages
    whose words were recognised, which the extract goes on saying of them."""

    keep: list[int]
    areas: dict[int, list[list[float]]]
    words: list[str]
    stays: set[tuple[str, int]]
    flat: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    content: int = 0

    def allowed(self) -> Allowed:
        """The same in the pages of the extract."""
        places = {page: at for at, page in enumerate(self.keep, 1)}
        return {(word, places[page]) for word, page in self.stays if page in places}


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Make it of `blobs[0]`, and tell what is left of the words. Nothing is handed back that has
    not passed the test, but for places that are seen: whoever asked decides about these."""
    clear = unlayer.without_hidden(blobs[0])
    wish = _wish(asked)
    read = Readings(clear)
    sheets = len(read.given)
    if _has_hidden(clear):
        # What a layer hides may be painted anywhere: only pictures leave it behind for certain.
        wish.flat = set(wish.keep)
    if not wish.keep or max(wish.keep) > sheets or sheets > int(asked["pages"]):
        raise RefusedError("no_pages")
    ours_alone = Shapes(blobs[0])
    wish.read = {page for page in wish.keep if ours_alone.recognised(page - 1)}
    parts = Parts(read, Shapes(clear), wish.areas)
    covered = [line for page in wish.areas for split in parts.of(page) for line in split.covered]
    wanted = sought.of(covered, wish.words)
    words = [*wanted.full, *wanted.light]
    left_out = _left_out(parts, wish)
    for _ in range(_ROUNDS):
        made = _make(clear, read, parts, wish)
        ours = [
            at for at, page in enumerate(wish.keep, 1) if page in wish.areas or page in wish.flat
        ]
        left = look(made, wanted, wish.allowed(), ours, left_out)
        more = {wish.keep[at - 1] for at, _ in left.beneath} - wish.flat
        if not more:
            break
        wish.flat |= more
    # A picture shows what its page showed: what is in it is asked of that page.
    shown = look_at(clear, parts, wish.flat | set(wish.areas), words, wish.stays)
    told = _in_source(left, shown, wish)
    told |= {"words": wanted.full, "light": wanted.light}
    told |= {"pages": len(wish.keep), "flat": sorted(wish.flat | set(wish.areas))}
    return told, [made] if left.clean and not shown.seen else []


def _has_hidden(clear: bytes) -> bool:
    with Pdf.open(io.BytesIO(clear)) as pdf:
        return bool(layers.hidden(pdf))


def _wish(asked: Mapping[str, Any]) -> _Wish:
    areas: dict[int, list[list[float]]] = {}
    for page, *box in asked["areas"]:
        areas.setdefault(int(page), []).append([float(n) for n in box])
    keep = [int(page) for page in asked["keep"]]
    return _Wish(
        keep,
        {page: each for page, each in areas.items() if page in keep},
        [str(word) for word in asked["words"]],
        {(folded(str(word)), int(page)) for word, page in asked["stays"]},
        content=int(asked["content"]),
    )


def _in_source(left: Remains, shown: Shown, wish: _Wish) -> dict[str, object]:
    """Pages are told as they lie in the source: that is what is on the page that asked."""
    told = left.told()
    seen = [[wish.keep[int(str(at)) - 1], *rest] for at, *rest in left.seen]
    known = {(page, word) for page, word, *_ in seen}
    seen += [each for each in shown.seen if (each[0], each[1]) not in known]
    told["seen"] = brief(seen)
    told["beneath"] = sorted([wish.keep[at - 1], word] for at, word in left.beneath)
    told["pictures"] = sorted({wish.keep[at - 1] for at in left.pictures} | shown.unclear)
    return told


def _left_out(parts: Parts, wish: _Wish) -> list[str]:
    """What may be a name or a number on pages that are left out, and stands on none that is kept:
    the fonts of these must not tell it."""
    kept = {folded(text) for page in wish.keep for text in parts.words(page)}
    found: dict[str, str] = {}
    for page in sorted(set(range(1, len(parts.read.given) + 1)) - set(wish.keep)):
        for text in parts.words(page):
            if _tells(text) and (letters := folded(text)) not in kept:
                found.setdefault(letters, text)
    return list(found.values())


def _tells(text: str) -> bool:
    letters = folded(text)
    named = any(c.isupper() for c in text) or any(c.isdigit() for c in text)
    return named and len(letters) >= _NAME_LETTERS


def _make(clear: bytes, read: Readings, parts: Parts, wish: _Wish) -> bytes:
    shapes = Shapes(clear)
    with Pdf.open(io.BytesIO(clear), inherit_page_attributes=False) as pdf:
        pages = pagetree.flatten(pdf, len(read.given))
        font = wordlayer.font(pdf)
        kept: list[Object] = []
        laid: dict[int, int] = {}
        places: dict[tuple[int, int], int] = {}
        trimmer = Trimmer()
        for place, number in enumerate(wish.keep):
            page = pages[number - 1].obj
            if number in wish.areas or number in wish.flat:
                _, unit = shapes.of(number - 1)
                split = parts.painted(number)
                new, laid[place] = _picture(pdf, read.given[number - 1], split, font, unit)
                kept.append(new)
            else:
                trimmer.page(page)
                places[page.objgen] = place
                kept.append(page)
        _links(kept, places)
        pdf.Root.Pages = pdf.make_indirect(
            Dictionary(Type=Name.Pages, Kids=Array(kept), Count=len(kept))
        )
        for each in kept:
            each.Parent = pdf.Root.Pages
        _tags(pdf, kept, laid, places)
        return _rebuilt(pdf, wish)


def _picture(
    pdf: Pdf, page: pdfium.PdfPage, split: blackout.Split, font: Object, unit: float
) -> tuple[Object, int]:
    """The new page, and how many paragraphs are laid over it."""
    wide, high = (side * unit for side in page.get_size())
    made = blackout.shot(page, split.areas)
    picture = pdf.make_stream(made.body)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = made.width, made.height, 8
    picture.ColorSpace = Name(made.colours)
    picture.Filter = Name(made.filter)
    paragraphs = [[word for line in paragraph for word in line] for paragraph in split.left]
    paragraphs = [words for words in paragraphs if words]
    said = wordlayer.steps(paragraphs, wide, high)
    steps = b"/Artifact BMC q %.3f 0 0 %.3f 0 0 cm /Shot Do Q EMC\n" % (wide, high) + said
    new = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(wide, 3), round(high, 3)]),
        Resources=Dictionary(XObject=Dictionary(Shot=picture), Font=Dictionary(Unseen=font)),
        Contents=pdf.make_stream(steps),
    )
    return pdf.make_indirect(new), len(paragraphs)


def _links(kept: Sequence[Object], places: Mapping[tuple[int, int], int]) -> None:
    """A link stays where the page it leads to does, as it was."""
    for page in kept:
        links = [
            link
            for link in list(page.get("/Annots", []))
            if isinstance(link.get("/Dest"), Array)
            and len(link.Dest)
            and isinstance(link.Dest[0], Dictionary)
            and link.Dest[0].objgen in places
        ]
        keys.drop(page, "/Annots")
        if links:
            page.Annots = Array(links)


def _tags(
    pdf: Pdf, kept: Sequence[Object], laid: Mapping[int, int], places: Mapping[tuple[int, int], int]
) -> None:
    """The tags of the pages that stay, and new ones for the pictures. A file that had none gets
    them only where every page is a picture: half a tree would hide the other half."""
    root: Any = pdf.Root.get("/StructTreeRoot")
    pruner = prune.Pruner(places)
    if not isinstance(root, Dictionary):
        if places:
            keys.drop(pdf.Root, "/StructTreeRoot")
            return
        root = prune.fresh(pdf)
        pdf.Root.StructTreeRoot = root
    try:
        pruner.prune(root)
    except prune.TooDeepError:
        tags.drop(pdf, [Page(page) for page in kept])
        return
    roles.settle(root)
    owners = [each for key, value in NumberTree(root.ParentTree).items() for each in (key, value)]
    number = max([int(key) for key in owners[::2]], default=-1) + 1
    sections = []
    for place, paragraphs in laid.items():
        element, own = prune.section(pdf, kept[place], paragraphs)
        kept[place].StructParents = number
        owners += [number, pdf.make_indirect(own)]
        number += 1
        sections.append((place, element))
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(owners)))
    pruner.put(root, sections)


def _rebuilt(pdf: Pdf, wish: _Wish) -> bytes:
    """By the whitelist, as if it came from outside."""
    out = io.BytesIO()
    if layers.hidden(pdf):
        keys.drop(pdf.Root, "/OCProperties")
    sanitise.save(pdf, out)
    out.seek(0)
    with Pdf.open(out, inherit_page_attributes=False) as again:
        pages = pagetree.flatten(again, len(wish.keep))
        sanitise.rebuild(again, pages, wish.content)
        for number, page in zip(wish.keep, pages, strict=True):
            if number in wish.read:
                page.obj[RECOGNISED] = True
        clean = io.BytesIO()
        sanitise.save(again, clean)
    return clean.getvalue()
