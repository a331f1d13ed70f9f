"""Binds papers to one pack: cover, contents, bookmarks, running numbers, marking on every page.

A reader who is not given a paper gets one page in its place, and the same page numbers as
everyone else, so that people round a table can say "page 37".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.typeset import count_pages, printable, typeset

_LIMITS = Limits(
    pages=10_000,
    memory=4096 * MIB,
    content=64 * MIB,
    answer=450 * MIB,
    cpu_seconds=60,
    wall_seconds=120.0,
)


@dataclass(frozen=True)
class Front:
    """What the cover says. Dates and times come as words."""

    title: str
    reference: str
    meeting_line: str
    confidentiality_lines: tuple[str, ...] = ()
    marking: str = "OFFICIAL-SENSITIVE"
    recipient_line: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper of a pack: bytes that `intake.examine` accepted, or None where not given."""

    tab: int
    title: str
    owner: str
    pdf_clear: bytes | None
    pages: int
    given: bool = True


@dataclass(frozen=True)
class ContentsLine:
    """Where a paper stands. Pages count from 1, cover included, the same for every reader."""

    tab: int
    title: str
    first_page: int
    last_page: int
    given: bool


@dataclass(frozen=True)
class Bound:
    """A bound pack. `pages` is the last page number; `sheets` the pages really in this PDF."""

    pdf_clear: bytes
    pages: int
    sheets: int
    contents: tuple[ContentsLine, ...]


def bind(front: Front, papers: Sequence[Paper]) -> Bound:
    """Bind sanitised papers in the order given.

    Tags, hidden layers and links inside papers stay. The same input gives the same bytes.

    Raises ValueError: when a given paper has no bytes, or another number of pages than stated.
    RefusedPaper: when the child process cannot make the pack of these bytes.
    """
    for paper in papers:
        if paper.pages < 1 or (paper.given and not paper.pdf_clear):
            raise ValueError(f"tab {paper.tab} has no pages to bind")
    front_pages = count_pages("cover", _cover(front, papers))
    contents = _contents(papers, front_pages)
    total = contents[-1].last_page if contents else front_pages
    bodies = [
        paper.pdf_clear if paper.given and paper.pdf_clear else _placeholder(front, line)
        for paper, line in zip(papers, contents, strict=True)
    ]
    header, parts = child.run(
        "bind",
        {
            "title": printable(f"{front.title}, {front.reference}"),
            "front": front_pages,
            "papers": [_told(line) for line in contents],
        },
        [
            typeset("cover", _cover(front, papers)),
            typeset("strips", _strips(front, contents, front_pages, total), overlay=True),
            *bodies,
        ],
        _LIMITS,
    )
    if "differs" in header:
        raise ValueError(f"tab {header['differs']} does not have the number of pages stated")
    sheets = header.get("sheets")
    if len(parts) != 1 or type(sheets) is not int:
        raise RefusedPaper(RefusalCode.HOSTILE)
    return Bound(parts[0], total, sheets, contents)


def _contents(papers: Sequence[Paper], front_pages: int) -> tuple[ContentsLine, ...]:
    lines = []
    last = front_pages
    for paper in papers:
        first, last = last + 1, last + paper.pages
        lines.append(ContentsLine(paper.tab, paper.title, first, last, paper.given))
    return tuple(lines)


def _cover(front: Front, papers: Sequence[Paper]) -> dict[str, object]:
    return {
        "title": front.title,
        "reference": front.reference,
        "meeting_line": front.meeting_line,
        "marking": front.marking,
        "confidentiality_lines": list(front.confidentiality_lines),
        "recipient_line": front.recipient_line,
        "papers": [
            {
                "tab": paper.tab, "title": paper.title, "owner": paper.owner,
                "pages": paper.pages, "given": paper.given,
            }
            for paper in papers
        ],
    }  # fmt: skip


def _placeholder(front: Front, line: ContentsLine) -> bytes:
    one = line.first_page == line.last_page
    where = f"Page {line.first_page}" if one else f"Pages {line.first_page} to {line.last_page}"
    words = f"{where} (Tab {line.tab}: {line.title}) {'is' if one else 'are'} not in your copy."
    return typeset(
        "placeholder",
        {"title": f"Tab {line.tab}: {line.title}", "reference": front.reference,
         "words": words, "help": "Ask the chair."},
    )  # fmt: skip


def _told(line: ContentsLine) -> dict[str, object]:
    return {
        "tab": line.tab, "title": printable(line.title), "given": line.given,
        "first": line.first_page, "last": line.last_page,
    }  # fmt: skip


def _strips(
    front: Front, contents: Sequence[ContentsLine], front_pages: int, total: int
) -> dict[str, object]:
    """The words painted round the pages: marking, one per paper, one per page of this copy."""
    numbers = [f"Page {page} of {total}" for page in range(1, front_pages + 1)]
    for line in contents:
        pages = range(line.first_page, line.last_page + 1)
        if line.given or len(pages) == 1:
            numbers += [f"Page {page} of {total}" for page in pages]
        else:
            numbers.append(f"Pages {line.first_page} to {line.last_page} of {total}")
    return {
        "marking": front.marking,
        "papers": [
            f"{front.reference}: cover and contents",
            *(f"Tab {line.tab}: {line.title}" for line in contents),
        ],
        "numbers": numbers,
    }


def without(papers: Sequence[Paper], tabs: frozenset[int]) -> tuple[Paper, ...]:
    """The same papers for a reader who is not given these tabs."""
    return tuple(
        replace(paper, pdf_clear=None, given=False) if paper.tab in tabs else paper
        for paper in papers
    )
