"""Puts clean papers together: pages, tags, layers, links, labels, bookmarks, strips."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Page, Pdf, String

from portal.documents.boxed import frame, keys, layers, pagetree, stamping, tags
from portal.documents.boxed.tagmerge import Tree
from portal.documents.boxed.titles import universal
from portal.documents.boxed.whittle import Whittler

_TO: Final = "/MappaTo"  # where a link leads while its page is on its way to the pack
_CONTENTS: Final = "https://pack.invalid/paper/"  # how our own contents page names a paper


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Bind cover, strips and papers (in `blobs`, in this order) as `asked` says."""
    cover, strips, *bodies = blobs
    papers: list[Mapping[str, Any]] = asked["papers"]
    pack = Pdf.new()
    tree = Tree(pack)
    most = int(asked["pages"])
    _, ua = _take(pack, tree, cover, str(asked["cover"]), most)
    starts = []
    left = iter(bodies)
    for paper in papers:
        starts.append(len(pack.pages))
        count, whole = _take(pack, tree, next(left), str(paper["name"]), most)
        ua = ua and whole
        end = paper.get("rest") or paper["last"] + 1
        if count != (end - paper["first"] if paper["given"] else 1):
            return {"differs": paper["tab"]}, []
        if paper.get("rest"):
            _take(pack, tree, next(left), str(paper["name"]), most)
    pages = list(pack.pages)
    _link(pages, int(asked["front"]), starts, [str(paper["name"]) for paper in papers])
    tree.finish()
    framed = _frame(pack, pages, strips, starts)
    _catalogue(pack, asked, starts)
    made_of = bytes.fromhex(asked["made_of"])
    made = stamping.prepare(pack, framed, str(asked["title"]), made_of, ua=ua)
    return {"sheets": len(pages)}, [made]


def _take(pack: Pdf, tree: Tree, body: bytes, title: str, most: int) -> tuple[int, bool]:
    """Move one file's pages, layers and tags into the pack; return how many pages, and whether it
    was PDF/UA."""
    with Pdf.open(io.BytesIO(body), inherit_page_attributes=False) as source:
        pages = pagetree.flatten(source, most)
        at = len(pack.pages)
        tagged = tags.clean(source, pages, Whittler(), apart=f"{at} ")
        if tagged is None:
            tags.drop(source, pages)
        index = {page.obj.objgen: number for number, page in enumerate(pages)}
        for page in pages:
            for link in list(page.obj.get("/Annots", [])):
                _note(link, index, at)
        pack.pages.extend(source.pages)
        moved = list(pack.pages)[at:]
        layers.carry(source, pack)
        tree.add(source, moved, title)
        return len(moved), tagged is True and universal(source)


def _note(link: Object, index: dict[tuple[int, int], int], at: int) -> None:
    """A page on its own cannot take another along, so a link's target travels as a number."""
    target = link.get("/Dest")
    if isinstance(target, Array) and len(target) and isinstance(target[0], Dictionary):
        page = index.get(target[0].objgen)
        if page is not None:
            link[_TO] = Array([at + page, *list(target)[1:]])
    keys.drop(link, "/Dest")


def _link(pages: Sequence[Page], front: int, starts: Sequence[int], names: Sequence[str]) -> None:
    for number, page in enumerate(pages):
        kept = []
        for link in list(page.obj.get("/Annots", [])):
            place = link.get(_TO)
            if number < front:
                address = str(link.A.get("/URI", "")) if "/A" in link else ""
                if address.startswith(_CONTENTS):
                    paper = int(address.removeprefix(_CONTENTS))
                    place = Array([starts[paper], Name.Fit])
                    link.Contents = String(names[paper])
            keys.drop(link, _TO, "/A")
            if place is not None:
                link.Dest = Array([pages[int(place[0])].obj, *list(place)[1:]])
                kept.append(link)
        keys.drop(page.obj, "/Annots")
        if kept:
            page.obj.Annots = Array(kept)


def _frame(
    pack: Pdf, pages: Sequence[Page], strips: bytes, starts: Sequence[int]
) -> list[frame.Frame]:
    forms = _forms(pack, strips)
    marking, names = forms[0], forms[1 : len(starts) + 2]
    numbers = forms[len(starts) + 2 :]
    paper = 0
    framed = [frame.Frame(page) for page in pages]
    for number, page in enumerate(framed):
        while paper < len(starts) and number >= starts[paper]:
            paper += 1
        page.paint(_strip(page.sheet, marking, names[paper], numbers[number]))
    return framed


def _forms(pack: Pdf, strips: bytes) -> list[Object]:
    """Every page of our own overlay as a drawing; each has one stream, which stays as it is."""
    with Pdf.open(io.BytesIO(strips)) as source:
        forms = []
        for page in source.pages:
            form = page.obj.Contents
            form.Type, form.Subtype = Name.XObject, Name.Form
            form.BBox, form.Resources = page.obj.MediaBox, page.obj.Resources
            forms.append(form)
        return list(pack.copy_foreign(source.make_indirect(Array(forms))))


def _strip(sheet: frame.Sheet, marking: Object, name: Object, number: Object) -> list[frame.Put]:
    """Marking above, in the middle; paper and page number below, on the upper of two lines."""
    margin = min(frame.MARGIN, sheet.width / 10)
    room = sheet.width - 2 * margin
    wide, high = frame.size_of(marking)
    top = min(1.0, room / wide)
    name_wide, _ = frame.size_of(name)
    number_wide, _ = frame.size_of(number)
    # The number keeps its size before the paper's title does.
    number_scale = min(1.0, room / 2 / number_wide)
    name_scale = min(1.0, (room - number_wide * number_scale - 8) / name_wide)
    return [
        frame.Put(
            marking,
            (sheet.width - wide * top) / 2,
            sheet.height - frame.STRIP / 2 - high * top / 2,
            top,
        ),
        frame.Put(name, margin, 16.0, max(0.1, name_scale)),
        frame.Put(number, sheet.width - margin - number_wide * number_scale, 16.0, number_scale),
    ]


def _labels(asked: Mapping[str, Any], starts: Sequence[int]) -> list[object]:
    """The number printed on each page: those given, else running ones with gaps as one page."""
    if "labels" in asked:
        given = enumerate(asked["labels"])
        return [each for at, label in given for each in (at, Dictionary(P=String(label)))]
    labels: list[object] = [0, Dictionary(S=Name.D, St=1)]
    for paper, start in zip(asked["papers"], starts, strict=True):
        if paper["given"] or paper["first"] == paper["last"]:
            labels += [start, Dictionary(S=Name.D, St=paper["first"])]
        else:
            labels += [start, Dictionary(P=String(f"{paper['first']}-{paper['last']}"))]
        rest = paper.get("rest")
        if rest and rest < paper["last"]:
            at = start + rest - paper["first"]
            labels += [at, Dictionary(P=String(f"{rest}-{paper['last']}"))]
    return labels


def _catalogue(pack: Pdf, asked: Mapping[str, Any], starts: Sequence[int]) -> None:
    papers: list[Mapping[str, Any]] = asked["papers"]
    root = pack.Root
    root.PageLabels = Dictionary(Nums=Array(_labels(asked, starts)))
    root.Lang = String("en-GB")
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageMode = Name.UseOutlines
    with pack.open_outline() as outline:
        outline.root.append(OutlineItem(str(asked["cover"]), 0))
        for paper, start in zip(papers, starts, strict=True):
            missing = "" if paper["given"] else " (not in your copy)"
            outline.root.append(OutlineItem(f"{paper['name']}{missing}", start))
