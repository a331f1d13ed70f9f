"""Every covered word is sought by itself, but those that tell nothing."""

from __future__ import annotations

import pytest

from portal.documents.boxed import sought
from portal.documents.boxed.everyday import EVERYDAY
from portal.documents.boxed.wording import Row, folded
from portal.documents.boxed.words import LINE_END_HYPHEN, Line, Word
from portal.documents.intake import examine
from portal.documents.redact import Area, Extract, extract, look_again
from portal.documents.render import read_leaf
from tests.documents.making import opened, plain, texts


def lines(*said: str) -> list[Line]:
    return [[Word(text, 0, 0, 0.1, 0.1) for text in line.split()] for line in said]


def covering(pages: list[bytes], *covered: str) -> Extract:
    """These words of the first page marked, or its whole first line; all pages kept."""
    contents = [b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % page for page in pages]
    source = examine(plain(*contents)).pdf_clear
    line = read_leaf(source, 1).paragraphs[0][0]
    areas = [Area(1, w.x, w.y, w.w, w.h) for w in line if not covered or w.text in covered]
    return extract(source, range(1, len(pages) + 1), areas, [])


def seen(made: Extract) -> set[tuple[int, str]]:
    return {(left.sheet, left.word) for left in made.tested.seen}


HEROIN = b"he is dependent on heroin and lives at the hostel in deal"


def test_a_lower_case_word_of_a_covered_line_is_sought_by_itself() -> None:
    made = covering([HEROIN, b"The tests for Heroin were made at the hostel"])
    assert not made.tested.passed
    assert seen(made) == {(2, "heroin"), (2, "hostel")}


def test_names_of_two_letters_are_sought_by_themselves() -> None:
    made = covering(
        [b"Mr Ng met Mr Li there", b"Going along, later Ng walked with Li."], "Ng", "Li"
    )
    assert seen(made) == {(2, "Ng"), (2, "Li")}
    made = covering([b"Mr Ng met Mr Li there", b"Going along, nobody listened."], "Ng", "Li")
    assert made.tested.passed


def test_everyday_words_stop_nothing() -> None:
    made = covering([HEROIN, b"He is at the door and on the way in"])
    assert made.tested.passed
    assert made.light == ("dependent", "heroin", "lives", "hostel", "deal")


def test_the_finished_file_is_tested_for_them_again() -> None:
    made = covering([HEROIN, b"Nothing of note"])
    again = covering([HEROIN, b"Nothing about heroin"])
    assert not again.tested.passed
    assert look_again(made.pdf_clear, made.words, [], made.light).passed
    assert not look_again(made.pdf_clear, made.words, [], [*made.light, "note"]).passed
    assert look_again(made.pdf_clear, made.words, [("note", 2)], ["note"]).passed


def test_a_word_that_stands_in_a_font_s_name_alone_makes_no_picture() -> None:
    """The font is called Helvetica: a name would be sought there, a plain word is not."""
    made = covering([b"the helvetica of the house", b"Nothing of note"])
    assert made.tested.passed
    assert made.flat == (1,)
    assert "Nothing of note" in texts(made.pdf_clear)[1]
    with opened(made.pdf_clear) as pdf:
        assert "/Font" in pdf.pages[1].Resources


@pytest.mark.parametrize(
    ("line", "full", "light"),
    [
        ("lives with Smith's aunt", {"Smith"}, {"lives", "aunt"}),
        ("the Smith-Jones house", {"Smith-Jones", "Smith", "Jones"}, {"house"}),
        ("at j.smith@kent.example", set(), {"j.smith@kent.example", "smith", "kent", "example"}),
        ("born 12/05/1980 in Deal", {"12/05/1980", "1980", "Deal"}, {"born"}),
        ("flat 4 of 12", set(), {"flat"}),
        ("then May said so", {"May"}, {"said"}),
        ("He was there. So was she", set(), set()),
        ("OF THE HOUSE", {"HOUSE"}, set()),
        ("it is ok", set(), set()),
        ("no (heroin), no", set(), {"heroin"}),
        ("\u738b\u5c0f\u660e came", {"\u738b\u5c0f\u660e"}, {"came"}),
        ("his ex-wife", set(), {"ex-wife", "wife"}),
    ],
)
def test_what_is_sought_of_a_line(line: str, full: set[str], light: set[str]) -> None:
    found = sought.of(lines(line), [])
    assert set(found.full) == {line, *full}
    assert set(found.light) == light


@pytest.mark.parametrize("hyphen", [LINE_END_HYPHEN, "-"])
def test_a_word_that_a_line_s_end_breaks_is_sought_whole(hyphen: str) -> None:
    found = sought.of(lines(f"dependent on hero{hyphen}", "in since then"), [])
    assert "heroin" in found.light


def test_typed_words_come_first_and_nothing_twice() -> None:
    found = sought.of(lines("met smith", "smith again Smith"), ["SMITH", "Jones"])
    assert found.full[:2] == ["SMITH", "Jones"]
    assert [folded(word) for word in found.full].count("smith") == 1
    assert found.light == ["met"]


def test_everyday_words_alone_are_not_sought_as_a_line() -> None:
    assert sought.of(lines("of the", "to"), []).full == []
    assert sought.of(lines("of The", "heroin"), []).full == ["of The", "The", "heroin"]


def test_the_list_of_everyday_words_is_written_as_it_is_compared() -> None:
    assert {folded(word) for word in EVERYDAY} == EVERYDAY


@pytest.mark.parametrize(
    "text", ["Ng went", "(Ng)", "Ng's", "Ng\u2019s", "Ng/Li", "Ng-Li", "MrNg", "N g", "NG", "2Ng"]
)
def test_a_name_of_two_letters_is_found(text: str) -> None:
    assert list(Row(text.split()).find("Ng"))


@pytest.mark.parametrize("text", ["going", "angle", "ngo", "thing", "Ngaio", "walki ng on"])
def test_two_letters_of_another_word_are_no_name(text: str) -> None:
    found = [Row(text.split())._tokens[each.start] for each in Row(text.split()).find("Ng")]
    assert found in ([], ["ng"])


@pytest.mark.parametrize(
    ("text", "there"),
    [("Ann", True), ("Annie", True), ("Hannah", False), ("MaryAnn", True), ("person", False)],
)
def test_a_name_of_three_letters_is_found_where_a_word_begins(text: str, there: bool) -> None:
    assert bool(list(Row([text]).find("Ann" if text != "person" else "son"))) is there


def test_scripts_without_capitals_may_have_no_spaces() -> None:
    assert list(Row(["\u6628\u5929\u738b\u5c0f\u660e\u5728\u5bb6"]).find("\u738b\u5c0f\u660e"))
    assert list(Row(["\u6628\u5929\u738b\u660e\u5728\u5bb6"]).find("\u738b\u660e"))
