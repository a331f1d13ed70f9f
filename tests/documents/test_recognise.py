"""Pages that are pictures get words: where they stand, said to whoever sent them, bounded."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Page, Pdf
from PIL import Image

from portal.documents import recognise, sandbox
from portal.documents.bind import Front, Paper, bind
from portal.documents.findings import Finding, FindingKind, from_kept, kept, of_pages, spans
from portal.documents.intake import Accepted, examine
from portal.documents.limits import Limits
from portal.documents.recognise import Recognised
from portal.documents.redact import extract, occurrences
from portal.documents.refusal import RefusedPaper
from portal.documents.render import Leaf, find_words, read_leaf
from portal.documents.state import recognition
from tests.documents.making import font, markers, new, opened, plain, saved, texts

WORDS = (
    b"BT /F1 16 Tf 22 TL 72 700 Td (The panel agreed that the tenancy ends) Tj T* "
    b"(on Friday, and the school is told first.) Tj ET"
)
SAID = "The panel agreed that the tenancy ends on Friday, and the school is told first."


def photograph(content: bytes = WORDS) -> Image.Image:
    document = pypdfium2.PdfDocument(plain(content))
    return document[0].render(scale=200 / 72, grayscale=True).to_pil().convert("L")


def scanned(*pictures: Image.Image | None, turn: int = 0, **more: object) -> Pdf:
    """A file of these pictures, one a page; None is a page of text."""
    pdf = Pdf.new()
    for picture in pictures:
        if picture is None:
            with new(b"BT /F1 12 Tf 72 700 Td (Typed words) Tj ET") as typed:
                pdf.pages.extend(typed.pages)
            continue
        out = io.BytesIO()
        picture.rotate(turn, expand=True).save(out, "JPEG", quality=85)
        wide, high = (595, 842) if turn in (0, 180) else (842, 595)
        drawing = pdf.make_stream(
            out.getvalue(),
            Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
            Width=picture.rotate(turn, expand=True).width,
            Height=picture.rotate(turn, expand=True).height,
        )  # fmt: skip
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, wide, high]),
            Resources=Dictionary(XObject=Dictionary(I=drawing)),
            Contents=pdf.make_stream(b"q %d 0 0 %d 0 0 cm /I Do Q" % (wide, high)),
        )
        for key, value in more.items():
            page[f"/{key}"] = value
        pdf.pages.append(Page(pdf.make_indirect(page)))
    return pdf


def kinds(accepted: Accepted) -> dict[FindingKind, tuple[int, ...]]:
    return {each.kind: each.pages for each in accepted.findings}


def said(leaf: Leaf) -> str:
    return " ".join(leaf.texts())


def bound(accepted: Accepted) -> bytes:
    front = Front("Meeting pack", "NMR/26/0117-P1", "Level 2 meeting")
    return bind(front, [Paper(1, "Paper", "X", accepted.pdf_clear, accepted.pages)]).pdf_clear


@pytest.mark.real("tesseract in a sandbox")
def test_a_scan_has_words_where_they_stand_on_the_picture(tesseract: None) -> None:
    accepted = examine(saved(scanned(photograph())))
    leaf = read_leaf(accepted.pdf_clear, 1)
    assert leaf.recognised
    assert said(leaf) == SAID
    typed = read_leaf(examine(plain(WORDS)).pdf_clear, 1)
    assert not typed.recognised
    for mine, theirs in zip(leaf.paragraphs[0], typed.paragraphs[0], strict=True):
        for word, other in zip(mine, theirs, strict=True):
            assert word.text == other.text
            assert word.x == pytest.approx(other.x, abs=0.01)
            assert word.x + word.w == pytest.approx(other.x + other.w, abs=0.02)
            assert word.y + word.h == pytest.approx(other.y + other.h, abs=0.01)


@pytest.mark.real("tesseract in a sandbox")
def test_the_sender_is_told_which_pages_to_look_at(tesseract: None) -> None:
    picture = photograph()
    accepted = examine(saved(scanned(None, picture, picture, Image.new("L", (400, 500), 255))))
    told = kinds(accepted)
    assert told[FindingKind.RECOGNISED] == (2, 3)
    assert told[FindingKind.PICTURE_PAGES] == (4,)
    words = [finding.words for finding in accepted.findings]
    assert (
        "Pages 2 and 3 are pictures; their words were recognised and may have mistakes: see them."
        in words
    )
    assert any(text.startswith("Page 4 is a picture, and no words were") for text in words)


@pytest.mark.real("tesseract in a sandbox")
def test_the_picture_looks_as_before_and_its_words_are_not_seen(tesseract: None) -> None:
    before = saved(scanned(photograph()))
    after = examine(before).pdf_clear
    pages = [pypdfium2.PdfDocument(clear)[0].render(scale=1).to_pil() for clear in (before, after)]
    assert pages[0].tobytes() == pages[1].tobytes()


@pytest.mark.real("tesseract in a sandbox")
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_shown(tesseract: None, turned: int) -> None:
    picture = photograph()
    accepted = examine(saved(scanned(picture, turn=turned, Rotate=turned)))
    leaf = read_leaf(accepted.pdf_clear, 1)
    assert said(leaf) == SAID
    assert 0.05 < leaf.paragraphs[0][0][0].x < 0.2
    assert leaf.paragraphs[0][0][0].y < 0.25


@pytest.mark.real("tesseract in a sandbox")
def test_bound_into_a_pack_words_are_found_and_still_said_to_be_recognised(
    tesseract: None,
) -> None:
    pack = bound(examine(saved(scanned(photograph()))))
    found = find_words(pack, "school is told")
    assert [hit.times for hit in found.hits] == [1]
    leaf = read_leaf(pack, found.hits[0].sheet)
    assert leaf.recognised
    assert SAID in said(leaf)


@pytest.mark.real("tesseract in a sandbox")
def test_a_file_of_pictures_alone_gets_tags_and_a_mixed_one_is_left_as_it_is(
    tesseract: None,
) -> None:
    alone = examine(saved(scanned(photograph())))
    assert FindingKind.NO_TAGS not in kinds(alone)
    with opened(alone.pdf_clear) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.StructTreeRoot.K[0].K) == 2  # a paragraph a line
    mixed = examine(saved(scanned(photograph(), None)))
    assert FindingKind.NO_TAGS in kinds(mixed)
    with opened(mixed.pdf_clear) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
    with opened(bound(alone)) as pdf:
        assert "/StructTreeRoot" in pdf.Root


@pytest.mark.real("tesseract in a sandbox")
def test_a_picture_of_a_page_is_read_too(tesseract: None) -> None:
    out = io.BytesIO()
    photograph().save(out, "PNG", dpi=(200, 200))
    accepted = examine(out.getvalue())
    assert kinds(accepted) == {FindingKind.RECOGNISED: (1,)}
    assert said(read_leaf(accepted.pdf_clear, 1)) == SAID


def test_a_page_that_says_it_was_recognised_is_not_believed() -> None:
    accepted = examine(plain(WORDS, MappaRecognised=True))
    assert not read_leaf(accepted.pdf_clear, 1).recognised
    assert b"MappaRecognised" not in accepted.pdf_clear


def test_a_page_with_words_of_its_own_is_left_alone() -> None:
    pdf = scanned(photograph())
    page = pdf.pages[0].obj
    page.Resources.Font = Dictionary(F1=font())
    page.Contents = pdf.make_stream(
        page.Contents.read_bytes() + b" BT 3 Tr /F1 9 Tf 72 700 Td (Scanned layer) Tj ET"
    )
    accepted = examine(saved(pdf))
    assert FindingKind.RECOGNISED not in kinds(accepted)
    assert texts(accepted.pdf_clear)[0].strip() == "Scanned layer"


@pytest.mark.parametrize("name", ["tesseract", "bwrap", "prlimit"])
def test_where_the_reader_or_the_sandbox_is_missing_the_sender_is_asked_for_the_original(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    found = recognise.shutil.which
    hide = lambda tool: None if tool == name else found(tool)  # noqa: E731
    monkeypatch.setattr(recognise.shutil, "which", hide)
    accepted = examine(saved(scanned(photograph())))
    assert kinds(accepted)[FindingKind.PICTURE_PAGES] == (1,)
    (words,) = (f.words for f in accepted.findings if f.kind is FindingKind.PICTURE_PAGES)
    assert "choose the original Word file or a PDF with text instead" in words
    assert not recognition().ready
    assert name in recognition().words
    assert sandbox.shutil is recognise.shutil


@pytest.mark.real("tesseract in a sandbox")
def test_time_is_bounded_and_pages_that_were_not_reached_are_told(tesseract: None) -> None:
    picture = photograph()
    before = time.monotonic()
    accepted = examine(saved(scanned(*[picture] * 60)), replace(Limits(), recognise_seconds=4.0))
    assert time.monotonic() - before < 30
    told = kinds(accepted)
    left = set(told[FindingKind.PAGES_NOT_REACHED])
    assert left
    assert FindingKind.PICTURE_PAGES not in told
    (words,) = (f.words for f in accepted.findings if f.kind is FindingKind.PAGES_NOT_REACHED)
    assert "Upload the file in parts" in words
    assert left | set(told.get(FindingKind.RECOGNISED, ())) == set(range(1, 61))


def test_a_file_that_kills_whoever_looks_through_it_costs_that_child_alone() -> None:
    pdf = scanned(photograph())
    burning = pdf.pages[0].obj
    # Each form draws the one below ten times: a page that nobody can ever finish drawing.
    below = burning.Resources.XObject.I
    for _ in range(12):
        form = pdf.make_stream(
            b"/I Do " * 10,
            Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 850]),
        )  # fmt: skip
        form.Resources = Dictionary(XObject=Dictionary(I=below))
        below = pdf.make_indirect(form)
    burning.Resources.XObject = Dictionary(I=below)
    burning.Contents = pdf.make_stream(b"/I Do")
    with pytest.raises(RefusedPaper):
        recognise.recognise(saved(pdf), replace(Limits(), wall_seconds=5.0))
    assert recognise.recognise(saved(new()), Limits()).unread == ()


@pytest.mark.real("tesseract in a sandbox")
def test_nothing_of_the_sender_comes_in_beside_the_words(tesseract: None) -> None:
    pdf = scanned(photograph())
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=b"MARK_open"))
    assert markers(examine(saved(pdf)).pdf_clear) == set()


def test_without_pictures_nothing_changes() -> None:
    clear = examine(plain(WORDS)).pdf_clear
    assert recognise.recognise(clear, Limits()) == Recognised(clear)


def test_what_the_reader_answers_is_words_and_numbers_or_nothing() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight"
    rows = [
        head + "\tconf\ttext",
        "5\t1\t1\t1\t1\t1\t10\t10\t80\t20\t95.5\tgood",
        "5\t1\t1\t1\t1\t2\t95\t10\t80\t20\t95.5\t\x1b[31m)Tj\x00",
        "5\t1\t1\t1\t1\t3\t10\t10\t80\t20\t12\tdirt",
        "5\t1\t1\t1\t1\t4\t-10\t10\t80\t20\t95\tbeside",
        "5\t1\t1\t1\t1\t5\t990\t10\t80\t20\t95\tbeyond",
        "5\t1\t1\t1\t1\t6\t1e9\t10\t80\t20\t95\tnumber",
        "5\t1\t1\t1\t1\t7\t10\t10\t0\t20\t95\tflat",
        "5\t1\t1\t1\t1\t8\t10\t10\t80\t20\tnan\tunsure",
        "5\tshort",
        "5\t1\t1\t1\t2\t1\t10\t40\t80\t20\t95\tnext",
    ]
    lines = list(recognise._lines("\n".join(rows).encode() + b"\n\xff", (1000, 1000)))
    assert [[word[0] for word in line] for line in lines] == [["good", "[31m)Tj"], ["next"]]
    assert lines[0][0][1:] == (0.01, 0.01, 0.08, 0.02)


def test_findings_keep_their_pages_in_a_row_and_come_back() -> None:
    findings = (of_pages(FindingKind.RECOGNISED, [5, 3, 4, 9]), Finding(FindingKind.SCRIPTS, 2))
    assert from_kept(kept(findings)) == findings
    assert from_kept({"recognised": [], "scripts": [3], "gone": 1}) == ()
    assert spans([1]) == "1"
    assert spans([3, 4, 5]) == "3 to 5"
    assert spans([1, 2, 5, 7, 8, 9]) == "1, 2, 5 and 7 to 9"


@pytest.mark.real("tesseract in a sandbox")
@pytest.mark.parametrize("word", ["", "tenancy"])
def test_an_extract_goes_on_saying_that_words_were_recognised(tesseract: None, word: str) -> None:
    source = examine(saved(scanned(photograph(), None))).pdf_clear
    places = occurrences(source, word)[0] if word else ()
    taken = [area for each in places for area in each.areas]
    made = extract(source, [2, 1], taken, [word] if word else [])
    assert made.tested.passed
    assert not read_leaf(made.pdf_clear, 1).recognised
    leaf = read_leaf(made.pdf_clear, 2)
    assert leaf.recognised
    assert ("tenancy" in said(leaf)) is not bool(word)
