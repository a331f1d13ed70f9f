"""A bomb costs its own child, and not for long; everybody else's paper is taken meanwhile."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable

import pytest
from pikepdf import Array, Dictionary, Name

from portal.documents import child
from portal.documents.intake import Limits, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.render import draw
from tests.documents.making import new, outcome, plain, raw, saved

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
LEAF = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def stacked_flate() -> bytes:
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    twice = zlib.compress(once, 9)
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF,
        stream(twice, b"/Filter[/FlateDecode/FlateDecode]"),
    )


def loop() -> bytes:
    return raw(CATALOGUE, b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>", LEAF, stream(b""))


def grows() -> bytes:
    """Forty branches, each holding the next one twice: 2**40 pages in four kilobytes."""
    nodes = [b"<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>" % (n + 1, n + 1) for n in range(2, 42)]
    return raw(CATALOGUE, *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>")


def many_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 200_003))
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return raw(CATALOGUE, b"<</Type/Pages/Count 200000/Kids[" + kids + b"]>>", *[leaf] * 200_000)


def deep() -> bytes:
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF,
        stream(b""),
        b"[" * 100_000 + b"]" * 100_000,
    )


def deep_resources() -> bytes:
    nested = b"<</ExtGState<</G" + b"<</Font [" * 200 + b"]>>" * 200 + b">>>>"
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", nested),
        stream(b""),
    )


def form(body: bytes, names: bytes) -> bytes:
    return stream(
        body, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<<" + names + b">>>>"
    )


def draws_itself() -> bytes:
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b"<</XObject<</I 5 0 R>>>>"),
        stream(b"/I Do"),
        form(b"/I Do /I Do", b"/I 5 0 R"),
    )


def draws_itself_by_its_page() -> bytes:
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b"<</XObject<</I 5 0 R>>>>"),
        stream(b"/I Do"),
        stream(b"/I Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
    )


def doubles() -> bytes:
    forms = [form(b"/I Do /I Do", b"/I %d 0 R" % (n + 1)) for n in range(5, 29)]
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b"<</XObject<</I 5 0 R>>>>"),
        stream(b"/I Do"),
        *forms,
        form(b"0 0 m", b""),
    )


LETTERS = (
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97"
    b"/LastChar 97/Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a 6 0 R>>%s>>"
)


def doubles_in_a_letter(font: bytes, own: bytes = b"", pages: bytes = b"") -> bytes:
    """The letter of a drawn font draws what doubles."""
    forms = [form(b"/I Do /I Do", b"/I %d 0 R" % (n + 1)) for n in range(7, 31)]
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b"<</Font<</F %s>>%s>>" % (font, pages)),
        stream(b"BT /F 9 Tf (a) Tj ET"),
        LETTERS % own,
        stream(b"9 0 d0 /I Do"),
        *forms,
        form(b"0 0 m", b""),
    )


def doubles_on_its_second_page() -> bytes:
    """Drawings without a list of their own: harmless with that of the first page."""
    names = b"".join(b"/I%d %d 0 R" % (n, n) for n in range(8, 33))
    forms = [
        stream(b"/I%d Do /I%d Do" % (n + 1, n + 1), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
        for n in range(8, 32)
    ]
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
        LEAF.replace(b"<<>>", b"<</XObject<</I8 8 0 R>>>>"),
        stream(b"/I8 Do"),
        LEAF.replace(b"<<>>", b"<</XObject<<" + names + b">>>>"),
        stream(b""),
        stream(b""),
        *forms,
        form(b"0 0 m", b""),
    )


def doubles_in_a_patterns_mask() -> bytes:
    """A shading pattern with a state of graphics of its own, whose mask draws what doubles."""
    forms = [form(b"/I Do /I Do", b"/I %d 0 R" % (n + 1)) for n in range(6, 30)]
    pattern = (
        b"<</PatternType 2/ExtGState<</SMask<</S/Alpha/G 6 0 R>>>>/Shading<</ShadingType 2"
        b"/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function<</FunctionType 2/Domain[0 1]/N 1>>>>>>"
    )
    return raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b"<</Pattern<</P 5 0 R>>>>"),
        stream(b"/Pattern cs /P scn 0 0 9 9 re f"),
        pattern,
        *forms,
        form(b"0 0 m", b""),
    )


def flood() -> bytes:
    pdf = new()
    image = pdf.make_stream(
        b"x",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=60_000,
        Height=60_000,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    return saved(pdf)


def endless_xref() -> bytes:
    body = raw(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", LEAF, stream(b""))
    start = int(body[body.rindex(b"startxref") :].split()[1])
    return body.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


HEAVY, DAMAGED = RefusalCode.TOO_HEAVY, RefusalCode.DAMAGED
BOMBS: dict[str, tuple[Callable[[], bytes], set[RefusalCode]]] = {
    "stacked flate": (stacked_flate, {HEAVY}),
    "page tree that loops": (loop, {DAMAGED}),
    "page tree that grows": (grows, {DAMAGED, RefusalCode.TOO_MANY_PAGES}),
    "200,000 pages": (many_pages, {RefusalCode.TOO_MANY_PAGES}),
    "drawing of itself": (draws_itself, {HEAVY}),
    "drawing of its page": (draws_itself_by_its_page, {HEAVY}),
    "drawings that double": (doubles, {HEAVY}),
    "drawings that double on page 2": (doubles_on_its_second_page, {HEAVY}),
    "drawings that double in a letter": (
        lambda: doubles_in_a_letter(b"5 0 R", b"/Resources<</XObject<</I 7 0 R>>>>"), {HEAVY}
    ),
    "drawings that double in a letter of the page's list": (
        lambda: doubles_in_a_letter(b"5 0 R", b"", b"/XObject<</I 7 0 R>>"), {HEAVY}
    ),
    "drawings that double in a letter written in the list": (
        lambda: doubles_in_a_letter(LETTERS % b"", b"", b"/XObject<</I 7 0 R>>"), {HEAVY}
    ),
    "drawings that double in a pattern's mask": (doubles_in_a_patterns_mask, {HEAVY}),
    "pixel flood": (flood, {HEAVY}),
    "page of a mile": (
        lambda: plain(MediaBox=Array([0, 0, 5_000_000, 9])), {RefusalCode.PAGE_SIZE}
    ),
    "page of a mile by its unit": (
        lambda: plain(UserUnit=900), {RefusalCode.PAGE_SIZE}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_ten_seconds(name: str) -> None:
    make, codes = BOMBS[name]
    bomb = make()
    start = time.monotonic()
    with pytest.raises(RefusedPaper) as refused:
        examine(bomb)
    assert refused.value.code in codes
    assert time.monotonic() - start < 10


HARMLESS: dict[str, Callable[[], bytes]] = {
    "a count of two milliards": lambda: raw(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", LEAF, stream(b"")
    ),
    "nesting outside the pages": deep,
    "nesting in resources": deep_resources,
    "a cross-reference table that loops": endless_xref,
    "an object number beyond all": lambda: raw(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R 2147483647 0 R]/Count 2>>", LEAF, stream(b"")
    ),
    "a drawn font in the list that is its own": lambda: raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b" 5 0 R"),
        stream(b"BT /F 9 Tf (a) Tj ET"),
        b"<</Font<</F %s>>>>" % (LETTERS % b"/Resources 5 0 R"),
        stream(b"9 0 d0 0 0 9 9 re f"),
    ),
    "boxes that are none": lambda: plain(MediaBox=Array([0, 0, 0, 0]), CropBox=Array([1, 2])),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_cannot_hurt_gives_its_one_page_or_a_reason(name: str) -> None:
    assert outcome(HARMLESS[name]()) in {1, RefusalCode.DAMAGED}


def test_readers_are_served_while_as_many_bombs_burn_as_may_at_once() -> None:
    """And whoever uploads meanwhile waits for no longer than the bombs' own time."""
    bomb, ended = many_pages(), []

    def burn() -> None:
        try:
            examine(bomb, Limits(pages=150_000, cpu_seconds=4))
        except RefusedPaper as refused:
            ended.append(refused.code)

    burning = [threading.Thread(target=burn) for _ in range(child._AT_ONCE)]
    for each in burning:
        each.start()
    _until(lambda: not child._OTHER_SEATS.acquire(blocking=False) or _freed())
    assert draw(plain(), 1).body_clear
    assert not ended, "a page was drawn before any bomb had ended"
    assert examine(plain()).pages == 1
    for each in burning:
        each.join(60)
    assert ended == [RefusalCode.TOOK_TOO_LONG] * len(burning)


def test_who_finds_no_seat_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    none_free = threading.BoundedSemaphore(1)
    none_free.acquire()
    monkeypatch.setattr(child, "_OTHER_SEATS", none_free)
    monkeypatch.setattr(child, "_LONGEST_WAIT", 0.01)
    with pytest.raises(child.NoSeat):
        examine(plain())
    assert draw(plain(), 1).body_clear


def _freed() -> bool:
    child._OTHER_SEATS.release()
    return False


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
