"""What the fonts of the pages that stay tell of words that are gone."""

from __future__ import annotations

import io

import pytest
import typst
from pikepdf import Dictionary, Name, Pdf

from portal.documents.boxed.spelling import codes_of
from portal.documents.boxed.wording import folded
from portal.documents.fonts import fonts
from portal.documents.intake import examine
from portal.documents.redact import Extract, extract, look_again, occurrences
from tests.documents.leaks import SECRET
from tests.documents.making import opened, texts

EVERY = "The five boxing wizards jump quickly. Pack my box with quiz jugs of wood."
TOLD = "".join(dict.fromkeys(folded(SECRET)))


def typeset(*pages: str) -> bytes:
    """As a real program makes it: the letters that are used, numbered as they are first used."""
    said = '#set text(font: "Noto Sans")\n' + "\n#pagebreak()\n".join(pages)
    made = typst.compile(
        said.encode(), format="pdf", font_paths=fonts(), ignore_system_fonts=True, pdf_tags=False
    )
    return examine(made).pdf_clear


def orders(clear: bytes) -> list[str]:
    """The letters of each font of a file, by the numbers it gives them."""
    found = []
    with Pdf.open(io.BytesIO(clear)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, Dictionary) and thing.get("/Type") == Name.Font:
                codes = codes_of(thing) or {}
                if 0 < len(codes) < 1000:
                    found.append(folded("".join(codes[code] for code in sorted(codes))))
    return found


def without(clear: bytes, keep: list[int], word: str = SECRET) -> Extract:
    found, _ = occurrences(clear, word)
    areas = [area for each in found for area in each.areas if each.sheet in keep]
    return extract(clear, keep, areas, [word])


def test_a_font_of_a_real_program_does_tell() -> None:
    assert any(TOLD in order for order in orders(typeset(SECRET, EVERY)))


def test_a_font_that_numbers_its_letters_by_first_use_does_not_tell_a_removed_word() -> None:
    made = without(typeset(f"{SECRET} was here", EVERY), [1, 2])
    assert made.tested.passed
    assert made.flat == (1, 2)
    assert not any(TOLD[:3] in order for order in orders(made.pdf_clear))
    assert "wizards" in texts(made.pdf_clear)[1]


def test_it_does_not_tell_a_name_of_a_page_that_is_left_out() -> None:
    made = extract(typeset(f"{SECRET} was here", EVERY), [2], [], [])
    assert made.tested.passed
    assert made.flat == (2,)
    assert orders(made.pdf_clear) == []


def test_however_many_names_are_left_out_it_tells_none_of_them() -> None:
    numbers = " ".join(f"N{number}" for number in range(100_000, 103_000))
    other = '#text(font: "DejaVu Sans")[{}]'
    clear = typeset(numbers, other.format(f"{SECRET} was here"), other.format(EVERY))
    made = extract(clear, [len(texts(clear))], [], [])
    assert made.tested.passed
    assert len(made.flat) == 1
    assert orders(made.pdf_clear) == []


def test_letters_that_only_a_removed_word_used_are_not_left_over() -> None:
    made = without(typeset("No one had met him", f"me and {SECRET}", "No name at all"), [1, 2, 3])
    assert made.tested.passed
    assert made.flat == (1, 2, 3)
    assert not any(set(TOLD) <= set(order) for order in orders(made.pdf_clear))


def test_where_every_letter_had_been_used_before_pages_stay_as_they_are() -> None:
    made = without(typeset(EVERY, f"{SECRET} was here", EVERY), [1, 2, 3])
    assert made.tested.passed
    assert made.flat == (2,)
    out = extract(typeset(EVERY, f"{SECRET} was here"), [1], [], [SECRET])
    assert out.flat == ()


def test_a_finished_file_is_tested_for_it_again() -> None:
    clear = typeset(f"{SECRET} was here", EVERY)
    with opened(clear) as pdf:
        del pdf.pages[0]
        out = io.BytesIO()
        pdf.save(out)
    assert not look_again(out.getvalue(), [SECRET]).passed
    assert look_again(out.getvalue(), ["somebody"]).passed


@pytest.mark.parametrize("word", ["student", "hijack", "first", "police", "defence"])
def test_letters_in_the_order_of_the_alphabet_tell_nothing(word: str) -> None:
    alphabet = "Abcdefghijklmnopqrstuvwxyz"
    made = without(typeset(alphabet, EVERY, f"one {word} more"), [1, 2, 3], word)
    assert made.tested.passed
    assert made.flat == (3,)
