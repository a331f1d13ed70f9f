"""Odd files that somebody may try: nothing is lost in silence, nothing secret comes to light."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import font, markers, new, plain, saved, texts
from tests.documents.test_scan import zipped


def found(clear: bytes) -> dict[FindingKind, int]:
    return {each.kind: each.count for each in examine(clear).findings}


def commented(count: int) -> bytes:
    pdf = new()
    pdf.pages[0].obj.Annots = Array(
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[9, 9, 18, 18], F=0))
        for _ in range(count)
    )
    return saved(pdf)


def test_a_page_with_more_remarks_than_are_read_loses_none_in_silence() -> None:
    assert found(commented(10_000))[FindingKind.COMMENTS] == 10_000
    with pytest.raises(RefusedPaper) as refused:
        examine(commented(10_001))
    assert refused.value.code is RefusalCode.TOO_HEAVY


def asking(pdf: Pdf, flags: int, **more: Any) -> Dictionary:
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Ff=flags, T=String("a"), F=4,
        Rect=[72, 500, 320, 540], DA=String("/Helv 12 Tf 0 g"), **more,
    )  # fmt: skip


def form(pdf: Pdf, *fields: Dictionary) -> bytes:
    pdf.Root.AcroForm = Dictionary(
        Fields=Array(fields), NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=font())),
        DA=String("/Helv 12 Tf 0 g"),
    )  # fmt: skip
    return saved(pdf)


PASSWORD = 1 << 13


def test_an_answer_is_drawn_and_a_password_is_not() -> None:
    pdf = new()
    open_, secret = (
        pdf.make_indirect(asking(pdf, flags, V=String(words)))
        for flags, words in ((0, "shown"), (PASSWORD, "MARK_password"))
    )
    pdf.pages[0].obj.Annots = Array([open_, secret])
    accepted = examine(form(pdf, open_, secret))
    (text,) = texts(accepted.pdf_clear)
    assert "shown" in text
    assert "*" * len("MARK_password") in text
    assert markers(accepted.pdf_clear) == set()


@pytest.mark.parametrize("flags_above", [True, False])
def test_nor_is_one_that_its_parent_holds(flags_above: bool) -> None:
    pdf = new()
    parent = pdf.make_indirect(
        Dictionary(FT=Name.Tx, T=String("p"), V=String("MARK_password"), Ff=PASSWORD)
    )
    child = asking(pdf, PASSWORD, Parent=parent)
    if flags_above:
        del child.Ff
    child = pdf.make_indirect(child)
    parent.Kids = Array([child])
    pdf.pages[0].obj.Annots = Array([child])
    assert markers(examine(form(pdf, parent)).pdf_clear) == set()


def test_parents_that_go_round_are_left() -> None:
    pdf = new()
    child = pdf.make_indirect(asking(pdf, 0, V=String("x")))
    del child.Ff
    child.Parent = child
    pdf.pages[0].obj.Annots = Array([child])
    assert examine(form(pdf, child)).pages == 1


@pytest.mark.parametrize(
    "behind", [zipped(b"a file " * 30), plain(), b"MZ" + bytes(range(1, 255)), b"words " * 40]
)
def test_what_stands_behind_the_end_of_a_file_is_told(behind: bytes) -> None:
    kinds = found(plain() + behind)
    assert kinds.keys() & {FindingKind.ATTACHMENTS, FindingKind.OLDER_VERSIONS}


@pytest.mark.parametrize("behind", [b"", b"\n\n", bytes(5000), b"\r\n--boundary--\r\n"])
def test_padding_behind_it_is_not(behind: bytes) -> None:
    assert FindingKind.ATTACHMENTS not in found(plain() + behind)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return out.getvalue()


def test_what_stands_behind_a_photo_is_told() -> None:
    assert FindingKind.DETAILS not in found(jpeg())
    assert FindingKind.DETAILS in found(jpeg() + jpeg())
    assert FindingKind.DETAILS in found(jpeg() + zipped(b"a file"))
