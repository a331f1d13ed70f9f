"""Letters that no font of the machine has come from the portal's own fonts, in Word files too."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pikepdf import Dictionary

from portal.documents import convert, sandbox
from portal.documents.fonts import FontsMissingError, folders
from portal.documents.intake import Limits, examine
from tests.documents.making import opened
from tests.documents.words import docx, odt, paragraph

CHINESE = "王小明先生不会说英语"
real = pytest.mark.real("LibreOffice in a sandbox")


def fonts_in(pdf: bytes) -> set[str]:
    file = opened(pdf)
    there = (each for each in file.objects if isinstance(each, Dictionary))
    named = (str(each.BaseFont) for each in there if "/BaseFont" in each)
    return {name.lstrip("/").rpartition("+")[2] for name in named}


@real
@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_chinese_is_drawn_and_found(kind: str) -> None:
    clear = (
        docx(paragraph(f"Interpreter: {CHINESE}"))
        if kind == "docx"
        else odt(f"<text:p>Interpreter: {CHINESE}</text:p>")
    )
    made = convert.to_pdf(clear, kind, Limits())
    assert "NotoSansSC-Regular" in fonts_in(made)
    pages = examine(clear, Limits()).pdf_clear
    assert CHINESE in pdfium.PdfDocument(pages)[0].get_textpage().get_text_range()


@real
def test_latin_letters_stay_in_the_fonts_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    clear = docx(paragraph("Plain words and ñandú, Łódź, naïve."))
    with_ours = fonts_in(convert.to_pdf(clear, "docx", Limits()))
    monkeypatch.setattr(convert, "_our_fonts", dict)
    assert with_ours == fonts_in(convert.to_pdf(clear, "docx", Limits()))
    assert not any(name.startswith("NotoSans-") for name in with_ours)


@real
def test_our_fonts_can_only_be_read() -> None:
    shown = {f"/tmp/fonts/{at}": place for at, place in enumerate(folders())}
    attempt = "for it in /tmp/fonts/*/*.ttf; do echo x >>$it && echo written; done; ls /tmp/fonts/0"
    done = sandbox.run(["sh", "-c", attempt], {}, Limits(), shown)
    assert b"written" not in done.output
    assert b".ttf" in done.output


def test_without_our_fonts_word_files_are_still_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[Path]:
        raise FontsMissingError

    monkeypatch.setattr(convert, "folders", missing)
    assert convert._our_fonts() == {}


@pytest.mark.parametrize("ours", [[], ["/tmp/fonts/0", "/tmp/fonts/1"]])
def test_what_fontconfig_is_told_can_be_read_by_it(ours: list[str], tmp_path: Path) -> None:
    told = tmp_path / "fonts.conf"
    told.write_bytes(convert.fonts_told(ours))
    done = subprocess.run(
        ["fc-list"],  # wherever it is installed
        env={**os.environ, "FONTCONFIG_FILE": str(told)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == ""
    assert "DejaVu" in done.stdout or "Liberation" in done.stdout
