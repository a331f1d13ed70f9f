"""Binds papers to one pack: cover, contents, bookmarks, running numbers, marking on every page.

A reader who is not given a paper gets one page in its place, and the same page numbers as
everyone else, so that people round a table can say "page 37".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from portal.documents import child
from portal.documents.boxed import slots
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
    below_contents: str = ""
    """One line under the contents. Room is kept for it whether there is one or not, so that no
    page moves."""


@dataclass(frozen=True)
class Paper:
    """One paper of a pack: bytes that `intake.examine` accepted, or None where not given."""

    tab: int
    title: str
    owner: str
    pdf_clear: bytes | None
    pages: int
    given: bool = True
    note: str = ""
    """Stands under its title in the contents, the same for every reader."""
    cut: int = 0
    """The pages in `pdf_clear` where it is an extract, at most `pages`; 0 for the paper itself.
    One page stands for the numbers that are left over."""
    name: str = ""
    """What it is called in strips, bookmarks and placeholders, where its owner does not stand
    beside its title; the title where there is none."""

    @property
    def called(self) -> str:
        return self.name or self.title


@dataclass(frozen=True)
class Apart:
    """How a paper that is bound alone is named and numbered: it has no part in a pack's numbers.

    `where` is a line of the cover; `label` gives what stands on a page of the paper (from 1), and
    `cover` what stands on the pages before it.
    """

    where: str
    cover: str
    label: Callable[[int], str]


@dataclass(frozen=True)
class ContentsLine:
    """Where a paper stands. Pages count from 1, cover included, the same for every reader."""

    tab: int
    called: str
    first_page: int
    last_page: int
    given: bool
    cut: int = 0

    @property
    def rest(self) -> int:
        """The first number that an extract does not fill; 0 where nothing is left over."""
        return self.first_page + self.cut if 0 < self.cut <= self.last_page - self.first_page else 0


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

    Raises ValueError: when a given paper has no bytes, or another number of pages than stated, or
    an extract has more than the paper that it was made of.
    RefusedPaper: when the child process cannot make the pack of these bytes.
    """
    for paper in papers:
        if paper.pages < 1 or (paper.given and not paper.pdf_clear):
            raise ValueError(f"tab {paper.tab} has no pages to bind")
        if paper.cut and not (paper.given and 1 <= paper.cut <= paper.pages):
            raise ValueError(f"tab {paper.tab} is no extract of that paper")
    front_pages = count_pages("cover", _cover(front, papers))
    contents = _contents(papers, front_pages)
    total = contents[-1].last_page if contents else front_pages
    bodies: list[bytes] = []
    for paper, line in zip(papers, contents, strict=True):
        given = paper.pdf_clear if paper.given else None
        bodies.append(given or _placeholder(front, line))
        if line.rest:
            bodies.append(_placeholder(front, line))
    return _made(
        {
            "title": printable(f"{front.title}, {front.reference}"),
            "front": front_pages,
            "cover": "Cover and contents",
            "papers": [_told(line) for line in contents],
        },
        lambda: [
            typeset("cover", _cover(front, papers)),
            typeset("strips", _strips(front, contents, front_pages, total), overlay=True),
        ],
        bodies,
        total,
        contents,
    )


def bind_apart(front: Front, paper: Paper, apart: Apart) -> Bound:
    """Bind one paper as a document of its own, with its own numbers and a cover without contents.

    Raises what `bind` raises.
    """
    if paper.pages < 1 or not paper.pdf_clear:
        raise ValueError("there are no pages to bind")
    cover = _cover_apart(front, paper, apart)
    front_pages = count_pages("apart", cover)
    labels = [apart.cover] * front_pages
    labels += [apart.label(number) for number in range(1, paper.pages + 1)]
    line = ContentsLine(1, paper.called, front_pages + 1, front_pages + paper.pages, given=True)
    strips: dict[str, object] = {
        "marking": front.marking,
        "papers": [f"{front.reference}: cover", f"{front.title}: {paper.called}"],
        "numbers": [f"Page {label}" for label in labels],
    }
    return _made(
        {
            "title": printable(f"{front.title}, {front.reference}"),
            "front": front_pages,
            "cover": "Cover",
            "papers": [_told(line) | {"name": printable(paper.called)}],
            "labels": labels,
        },
        lambda: [typeset("apart", cover), typeset("strips", strips, overlay=True)],
        [paper.pdf_clear],
        line.last_page,
        (line,),
    )


def _made(
    asked: dict[str, object],
    print_ours: Callable[[], list[bytes]],
    bodies: list[bytes],
    pages: int,
    contents: tuple[ContentsLine, ...],
) -> Bound:
    # A pack takes as long to hash as its cover to typeset; neither holds the other up.
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(slots.made_of, bodies)
        ours = print_ours()
    asked["made_of"] = (slots.made_of(ours) + hashed.result()).hex()
    header, parts = child.run("bind", asked, [*ours, *bodies], _LIMITS)
    if "differs" in header:
        raise ValueError(f"tab {header['differs']} does not have the number of pages stated")
    sheets = header.get("sheets")
    if len(parts) != 1 or type(sheets) is not int:
        raise RefusedPaper(RefusalCode.HOSTILE)
    return Bound(parts[0], pages, sheets, contents)


def _contents(papers: Sequence[Paper], front_pages: int) -> tuple[ContentsLine, ...]:
    lines = []
    last = front_pages
    for paper in papers:
        first, last = last + 1, last + paper.pages
        lines.append(ContentsLine(paper.tab, paper.called, first, last, paper.given, paper.cut))
    return tuple(lines)


def _cover(front: Front, papers: Sequence[Paper]) -> dict[str, object]:
    return {
        "title": front.title,
        "reference": front.reference,
        "meeting_line": front.meeting_line,
        "marking": front.marking,
        "confidentiality_lines": list(front.confidentiality_lines),
        "recipient_line": front.recipient_line,
        "below_contents": front.below_contents,
        "papers": [
            {
                "tab": paper.tab, "title": paper.title, "owner": paper.owner,
                "pages": paper.pages, "given": paper.given, "note": paper.note,
                "cut": paper.cut > 0,
            }
            for paper in papers
        ],
    }  # fmt: skip


def _cover_apart(front: Front, paper: Paper, apart: Apart) -> dict[str, object]:
    return {
        "title": front.title,
        "reference": front.reference,
        "meeting_line": front.meeting_line,
        "marking": front.marking,
        "confidentiality_lines": list(front.confidentiality_lines),
        "facts": [["Paper", paper.title], ["From", paper.owner],
                  ["Where it belongs", apart.where], ["Pages", str(paper.pages)]],
        "note": paper.note,
    }  # fmt: skip


def _placeholder(front: Front, line: ContentsLine) -> bytes:
    first = line.rest or line.first_page
    one = first == line.last_page
    where = f"Page {first}" if one else f"Pages {first} to {line.last_page}"
    words = f"{where} (Tab {line.tab}: {line.called}) {'is' if one else 'are'} not in your copy."
    if line.rest:
        words += " It has an extract of this paper."
    return typeset(
        "placeholder",
        {"title": f"Tab {line.tab}: {line.called}", "reference": front.reference,
         "words": words, "help": "Ask the chair."},
    )  # fmt: skip


def _told(line: ContentsLine) -> dict[str, object]:
    return {
        "tab": line.tab, "name": printable(_name(line)), "given": line.given,
        "first": line.first_page, "last": line.last_page, "rest": line.rest,
    }  # fmt: skip


def _name(line: ContentsLine) -> str:
    return f"Tab {line.tab}: {line.called}" + (" (extract)" if line.cut else "")


def _strips(
    front: Front, contents: Sequence[ContentsLine], front_pages: int, total: int
) -> dict[str, object]:
    """The words painted round the pages: marking, one per paper, one per page of this copy."""
    numbers = [f"Page {page} of {total}" for page in range(1, front_pages + 1)]
    for line in contents:
        pages = range(line.first_page, line.last_page + 1)
        first = line.rest or (line.last_page + 1 if line.given else line.first_page)
        numbers += [f"Page {page} of {total}" for page in pages if page < first]
        if first == line.last_page:
            numbers.append(f"Page {first} of {total}")
        elif first < line.last_page:
            numbers.append(f"Pages {first} to {line.last_page} of {total}")
    return {
        "marking": front.marking,
        "papers": [
            f"{front.reference}: cover and contents",
            *(_name(line) for line in contents),
        ],
        "numbers": numbers,
    }


def without(papers: Sequence[Paper], tabs: frozenset[int]) -> tuple[Paper, ...]:
    """The same papers for a reader who is not given these tabs."""
    return tuple(
        replace(paper, pdf_clear=None, given=False) if paper.tab in tabs else paper
        for paper in papers
    )
