"""What is not taken is refused before anything is kept, with words its sender can act upon."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.intake import Limits, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import numbered, outcome, plain, raw
from tests.documents.words import docx, odt, ole, zipped

CASES = {
    "nothing": (b"", RefusalCode.EMPTY),
    "nulls": (bytes(5000), RefusalCode.NOT_PDF),
    "words": (b"Dear all,", RefusalCode.NOT_PDF),
    "web page": (b"<!doctype html><script>1</script>", RefusalCode.NOT_PDF),
    "web page before a PDF": (b"<html><!--" + plain(), RefusalCode.NOT_PDF),
    "junk before a PDF": (b"\r\n" + plain(), RefusalCode.NOT_PDF),
    "picture before a PDF": (b"GIF89a" + plain(), RefusalCode.NOT_PDF),
    "cut picture": (b"\x89PNG\r\n\x1a\n" + bytes(90), RefusalCode.DAMAGED),
    "cut photograph": (b"\xff\xd8\xff\xe0" + bytes(90), RefusalCode.DAMAGED),
    "moving picture": (b"GIF89a" + bytes(90), RefusalCode.PICTURE),
    "photograph of a telephone": (b"\0\0\0\x18ftypheic" + bytes(90), RefusalCode.PICTURE),
    "drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", RefusalCode.NOT_PDF),
    "picture before a Word file": (b"GIF89a" + docx(), RefusalCode.PICTURE),
    "junk before a Word file": (b"x" + docx(), RefusalCode.NOT_PDF),
    "zip called .pdf": (zipped({"a.pdf": "x"}), RefusalCode.OFFICE_FILE),
    "empty zip": (b"PK\x05\x06" + bytes(18), RefusalCode.NOT_PDF),
    "locked Word file": (ole("EncryptedPackage", "EncryptionInfo"), RefusalCode.PASSWORD),
    "other old office file": (ole("Workbook"), RefusalCode.OFFICE_FILE),
    "web page called .doc": (b"<html xmlns:w='urn:x'><img src='http://x'>", RefusalCode.NOT_PDF),
    "Word's own web page": (
        b"<html xmlns:w='urn:schemas-microsoft-com:office:word'>",
        RefusalCode.WORD_FILE,
    ),
    "flat odt": (b"<?xml version='1.0'?><office:document/>", RefusalCode.WORD_FILE),
    "rtf": (b"{\\rtf1 x}", RefusalCode.WORD_FILE),
    "program of Linux": (b"\x7fELF" + bytes(90), RefusalCode.PROGRAM),
    "program of Windows": (b"MZ\x90\0" + bytes(90), RefusalCode.PROGRAM),
    "program of a Mac": (b"\xcf\xfa\xed\xfe" + bytes(90), RefusalCode.PROGRAM),
    "script": (b"#!/bin/sh\necho", RefusalCode.PROGRAM),
    "words that begin as a program does": (b"MZ, our friend", RefusalCode.NOT_PDF),
    "PDF in a program": (b"MZ\x90\0" + bytes(90) + plain(), RefusalCode.PROGRAM),
    "first line only": (b"%PDF-1.7\n", RefusalCode.DAMAGED),
    "nonsense inside": (b"%PDF-1.7\n" + bytes(range(256)) * 40, RefusalCode.DAMAGED),
    "zip inside": (b"%PDF-1.7\n" + odt(), RefusalCode.DAMAGED),
    "no pages": (
        raw(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"),
        RefusalCode.NO_PAGES,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_with_a_reason(name: str) -> None:
    clear, code = CASES[name]
    with pytest.raises(RefusedPaper) as refused:
        examine(clear)
    assert refused.value.code is code


@pytest.mark.parametrize("code", RefusalCode)
def test_every_reason_says_what_to_do(code: RefusalCode) -> None:
    words = RefusedPaper(code).words
    assert words.count(".") >= 2
    assert any(verb in words for verb in ("pload", "Choose", "Try", "Save"))


@pytest.mark.parametrize("code", [RefusalCode.NO_CONVERSION, RefusalCode.WORD_FILE])
def test_who_has_word_is_told_to_save_as_pdf(code: RefusalCode) -> None:
    assert "ave" in RefusedPaper(code).words
    assert "PDF" in RefusedPaper(code).words


def test_nobody_is_told_to_open_a_program() -> None:
    words = RefusedPaper(RefusalCode.PROGRAM).words
    assert "Do not open it" in words
    assert "Print" not in words


def test_what_to_do_with_a_damaged_file_is_said_once() -> None:
    assert RefusedPaper(RefusalCode.DAMAGED).words.lower().count("open") == 1


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9])
def test_a_file_cut_off_is_refused_or_mended_never_taken_silently(part: float) -> None:
    whole = numbered(40)
    result = outcome(whole[: int(len(whole) * part)], "repaired")
    assert result in {RefusalCode.DAMAGED, RefusalCode.NO_PAGES, RefusalCode.HOSTILE, *range(1, 41)}


def test_too_big_and_too_many_pages() -> None:
    for limits, code in (
        (Limits(bytes=500), RefusalCode.TOO_BIG),
        (Limits(pages=4), RefusalCode.TOO_MANY_PAGES),
    ):
        with pytest.raises(RefusedPaper) as refused:
            examine(numbered(5), limits)
        assert refused.value.code is code
    assert examine(numbered(5), Limits(pages=5)).pages == 5


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_flipped_bytes_give_a_paper_or_a_reason(data: st.DataObject) -> None:
    clear = bytearray(plain())
    for _ in range(data.draw(st.integers(1, 30))):
        clear[data.draw(st.integers(8, len(clear) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(clear)) in {1, *RefusalCode}
