"""Rebuilds a foreign PDF from what a page may be made of, and tells what was in it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pikepdf import Dictionary, Name, ObjectStreamMode, Page, Pdf, PdfError, String

from portal.documents.boxed import (
    contents,
    findings,
    keys,
    layers,
    pagetree,
    remarks,
    silence,
    tags,
    trim,
)
from portal.documents.boxed.heaviness import Weigher
from portal.documents.boxed.verdict import RefusedError
from portal.documents.boxed.whittle import Whittler


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Answer with the clean file, its number of pages and counts of what was found."""
    original = blobs[0]
    password = str(asked.get("password", ""))
    with Pdf.open(io.BytesIO(original), password=password, inherit_page_attributes=False) as pdf:
        if not isinstance(pdf.Root, Dictionary):
            raise RefusedError("damaged")
        if findings.is_dynamic_form(pdf):
            raise RefusedError("dynamic_form")
        pages = pagetree.flatten(pdf, int(asked["pages"]))
        counts = findings.look(pdf, original)
        counts += rebuild(pdf, pages, int(asked["content"]))
        out = io.BytesIO()
        save(pdf, out)
        _read_back(out, len(pages))
        return {"pages": len(pages), "findings": dict(counts)}, [out.getvalue()]


def rebuild(pdf: Pdf, pages: list[Page], most_content: int) -> Counter[str]:
    """Cut `pdf`, whose page tree is flat, down to its pages. Returns further counts.

    Nothing of the catalogue stays but pages, tags, language and which layers are hidden; as the
    writer follows references from there, what was cut off is not in the new file. Pages list only
    what they draw with, and neither pictures nor instructions say more than they show.
    """
    off = layers.hidden(pdf)
    contents.settle(pdf, pages, most_content)
    counts = remarks.flatten(pdf, pages, off)
    _fresh_root(pdf)
    tree = pdf.Root.Pages
    whittler, weigher = Whittler({tree.objgen, *(page.obj.objgen for page in pages)}), Weigher()
    for page in pages:
        links = page.obj.get("/Annots")
        keys.drop(page.obj, "/Annots", "/Parent")
        whittler.cut(page.obj, "Page")
        page.obj.Parent = tree
        if links is not None:
            page.obj.Annots = links
            for link in list(links):
                target = link.Dest
                whittler.cut(link, "Link")
                link.Dest = target
    for page in pages:
        weigher.weigh(page)
    counts["unused_drawings"] += trim.trimmed(pages)
    counts += silence.silence(pdf, pages)
    layers.rewrite(pdf, off)
    tagged = tags.clean(pdf, pages, whittler)
    if tagged:
        pdf.Root.MarkInfo = Dictionary(Marked=True)
    counts["hidden_layers"] += len(off)
    counts["tags_lost"] += tagged is False
    counts["no_tags"] += tagged is None
    return +counts


def _read_back(out: io.BytesIO, pages: int) -> None:
    """Raise RefusedError unless what was written opens as so many pages: a file that does not
    would be taken now, and stop the pack on the day it is bound."""
    out.seek(0)
    try:
        with Pdf.open(out, attempt_recovery=False) as written:
            whole = len(written.pages) == pages
    except PdfError:
        whole = False
    if not whole:
        raise RefusedError("damaged")


def _fresh_root(pdf: Pdf) -> None:
    """A new catalogue, so that nothing a drawing refers to can be the one we build on."""
    old = pdf.Root
    root = Dictionary(Type=Name.Catalog, Pages=old.Pages)
    for key in ("/StructTreeRoot", "/OCProperties"):
        if isinstance(old.get(key), Dictionary):
            root[key] = old[key]
    if isinstance(old.get("/Lang"), String):
        root.Lang = old.Lang
    pdf.trailer.Root = pdf.make_indirect(root)
    keys.keep(pdf.trailer, {"/Root", "/Size", "/Encrypt"})
    if "/Size" not in pdf.trailer:
        # A file cut short has none, and the writer puts the right one only where one stood: without
        # it no program can read what we write.
        pdf.trailer.Size = 0


def save(pdf: Pdf, out: io.BytesIO, *, own_id: bool = False) -> None:
    """Write `pdf` so that the same pages give the same bytes, with no date and no password.

    Its /ID is made of all its bytes, unless it has an `own_id` already, whose first half stays.
    """
    pdf.save(
        out,
        encryption=False,
        deterministic_id=not own_id,
        static_id=own_id,
        fix_metadata_version=False,
        object_stream_mode=ObjectStreamMode.generate,
        min_version="1.7",
    )
