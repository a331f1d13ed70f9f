"""Typed words are printed as they are, on pages a screen reader can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.documents import fonts
from portal.documents.typeset import Template, typeset
from tests.documents.making import opened, texts

FACTS = [["Given to", "Ann Ünal"], ["Paper", "Report\nsecond line"]]
PAGES: dict[Template, dict[str, object]] = {
    "authority": {
        "title": "Authority to disclose", "number": "DA-2026-0007", "date": "14 May 2026",
        "reference": "BK/1", "facts": FACTS, "terms": ["Do not copy."], "signed": ["Co-ordinator"],
    },
    "refusal": {
        "title": "Your request", "date": "14 May 2026", "to": ["A. Person"],
        "sender": ["The unit"], "paragraphs": ["We have decided not to."], "signed": ["C"],
    },
    "receipt": {
        "title": "Receipt", "reference": "BK/1", "facts": FACTS, "paragraphs": ["It proves."],
        "earlier": [{"title": "Version 1", "facts": FACTS}],
    },
    "practice": {"area": "Northshire"},
    "apart": {
        "title": "Addendum 1", "reference": "BK/1-P1-D1", "meeting_line": "14 May 2026",
        "facts": FACTS, "confidentiality_lines": ["Do not copy."], "note": "Came late.",
    },
    "notice": {"title": "Notice", "paragraphs": ["One.", "Two."]},
    "placeholder": {"title": "Tab 3", "words": "Not in your copy.", "help": "Ask the chair."},
}  # fmt: skip
CASE_PAPERS: list[Template] = ["authority", "refusal", "receipt", "notice"]
SLY = '#read("/etc/passwd") #panic() *bold* _it_ <script> @ref $x$ `raw` \\u{41} // /* ] } ) "'


@pytest.mark.parametrize("template", PAGES)
def test_pages_are_tagged_and_titled(template: Template) -> None:
    pdf = opened(typeset(template, PAGES[template]))
    assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang).startswith("en")
    assert pdf.docinfo["/Title"]
    assert not {"/CreationDate", "/ModDate"} & set(pdf.docinfo.keys())


@pytest.mark.parametrize("template", CASE_PAPERS)
def test_case_papers_carry_the_marking(template: Template) -> None:
    assert all("OFFICIAL-SENSITIVE" in text for text in texts(typeset(template, PAGES[template])))
    other = typeset(template, {**PAGES[template], "marking": "OFFICIAL"})
    assert all("OFFICIAL-SENSITIVE" not in text for text in texts(other))


def test_the_authority_says_everything() -> None:
    text = " ".join(texts(typeset("authority", PAGES["authority"])))
    for words in ("DA-2026-0007", "14 May 2026", "Ann Ünal", "second line", "Do not copy."):
        assert words in text


@pytest.mark.parametrize("template", PAGES)
def test_typed_words_are_never_obeyed(template: Template) -> None:
    data: dict[str, object] = {
        key: SLY if isinstance(value, str) else value for key, value in PAGES[template].items()
    }
    for key in ("paragraphs", "terms", "signed", "to", "sender"):
        if key in data:
            data[key] = [SLY]
    if "facts" in data:
        data["facts"] = [[SLY, SLY]]
    found = "".join("".join(texts(typeset(template, data))).split())
    assert "".join(SLY.split()).replace("//", "//") in found


@pytest.mark.parametrize(
    "words",
    [
        "王小明",
        "😀",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\ud800\udfff",
        "\x00\x07",
        "\u202e",
        "א ب",
        "ﷺ",
        "e\u0301\u0301\u0301",
        "\uffff",
        "x" * 20_000,
    ],
)
def test_no_character_stops_a_page(words: str) -> None:
    pdf = opened(typeset("notice", {"title": words, "paragraphs": [words, "after"]}))
    assert "/StructTreeRoot" in pdf.Root


def test_marks_that_turn_the_direction_are_left_out() -> None:
    text = "".join(texts(typeset("notice", {"title": "a\u202eb\u2066c", "paragraphs": []})))
    assert "abc" in text


def test_too_much_and_too_little_are_errors() -> None:
    with pytest.raises(ValueError, match="too much"):
        typeset("notice", {"title": "x", "paragraphs": ["y" * 500_000]})
    with pytest.raises(ValueError, match="notice"):
        typeset("notice", {"title": "x"})


def test_the_same_data_gives_the_same_bytes() -> None:
    assert typeset("receipt", PAGES["receipt"]) == typeset("receipt", PAGES["receipt"])


def test_missing_fonts_name_the_command_that_brings_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_PORTAL", tmp_path / "portal")
    monkeypatch.setattr(fonts, "_PACKAGES", tmp_path / "node_modules")
    monkeypatch.setenv("PORTAL_FONTS", str(tmp_path))
    fonts.fonts.cache_clear()
    try:
        with pytest.raises(fonts.FontsMissingError, match="make setup"):
            fonts.fonts()
    finally:
        fonts.fonts.cache_clear()
