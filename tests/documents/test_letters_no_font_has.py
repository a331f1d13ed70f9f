"""A character that no font has makes no error, and does not take a paper's PDF/UA-1 claim."""

from __future__ import annotations

import pytest

from portal.documents import typeset as room
from portal.documents.bind import Front, Paper, bind
from portal.documents.letters import legible
from portal.documents.typeset import count_pages, typeset
from tests.documents.making import numbered, opened, texts
from tests.documents.test_tagged import minutes

NO_LETTERS = {
    "Runic": "ᚠᚢᚦ",
    "Runic with marks": "ᚠ\u0301ᚢ\u200d\u0323ᚦ",
    "Lepcha with marks": "ᰀᰤᰦᰈᰬ",
    "Batak": "ᯅᯖᯂ᯲",
    "Limbu": "ᤕᤠᤰᤌᤢᤱ",
    "a mark that these letters do not take": "Ꮳ\u0301Ꮃ\u200d\u0323Ꭹ ߒߞ\u0323ߏ ᬩ\u0301ᬮᬶ བ\u0301ས",
    "private": "\ue000\uf8ff",
    "unassigned": "a\u0378b",
    "a family": "👨‍👩‍👧",
    "beyond the first plane": "\U0001f9ff\U000e0041",
    "what stands for none": "\ufffd",
    "what stands for none with marks": "\ufffd\u0301\ufffd\u200d",
    "a lone mark": "\u0301a",
    "a mark that no font joins": "a\u20dd",
    "turned about": "a\u202eb",
    "many": "".join(map(chr, range(0x16A0, 0x16EB))),
}


def placeholder(words: str) -> dict[str, object]:
    return {"title": words, "reference": "r", "words": words, "help": "Ask the chair."}


@pytest.mark.parametrize("name", NO_LETTERS)
def test_the_paper_is_made_and_keeps_its_claim(name: str) -> None:
    made = typeset("placeholder", placeholder(f"Report of {NO_LETTERS[name]}, read aloud"))
    with opened(made) as pdf:
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize("name", NO_LETTERS)
def test_pages_are_counted_of_the_words_that_are_printed(name: str) -> None:
    for words in (NO_LETTERS[name] * 900, f"{NO_LETTERS[name]} " * 900):
        data = minutes(words[:4000])
        with opened(typeset("minutes", data)) as pdf:
            assert count_pages("minutes", data) == len(pdf.pages)


def test_a_pack_of_long_names_that_no_font_has_is_bound() -> None:
    title = "".join(map(chr, range(0x16A0, 0x16EB))) * 30
    papers = [Paper(at, title, "Prison", numbered(1), 1) for at in range(1, 7)]
    bound = bind(Front(title, "BK/1-M1", "14 May 2026"), papers)
    assert bound.contents[-1].last_page == bound.sheets == len(texts(bound.pdf_clear))


def test_lines_break_among_them_and_none_leaves_the_page() -> None:
    made = typeset("placeholder", placeholder("ᚠ" * 3000))
    assert "".join(texts(made)).count("\ufffd") >= 3000


def test_however_many_there_are_the_page_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []
    real = room.typst.compile

    def counted(path: str, **options: object) -> object:
        tries.append(path)
        return real(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(room.typst, "compile", counted)
    typeset("placeholder", placeholder("".join(map(chr, range(0x16A0, 0x16EB)))))
    assert len(tries) == 1


@pytest.mark.parametrize(
    "words",
    ["", "plain", "Zoë Ünal", "王小明", "ไทย", "한국", "ଓଡ଼ିଆ", "ޝަހީދު", "ܝܘܚܢܢ", "x\ufe0f", "a\u00ad"],
)
def test_words_that_fonts_have_stay_as_they_are(words: str) -> None:
    assert legible(words) == words


@pytest.mark.parametrize(
    ("words", "legibly"),
    [
        ("aᚠb", "a\ufffd\u200bb"),
        ("ᚠ\u0301\u200d\ufe0fa\u0301", "\ufffd\u200ba\u0301"),
        ("\ufffd\u0301", "\ufffd\u200b"),
        ("\ufffd\u200b", "\ufffd\u200b"),
    ],
)
def test_what_joined_a_letter_that_is_not_there_goes_with_it(words: str, legibly: str) -> None:
    assert legible(words) == legibly
    assert legible(legibly) == legibly
