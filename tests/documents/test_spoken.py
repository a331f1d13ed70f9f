"""What a file's tags say is part of the page they speak for: a word that may stay on one page is
still sought in the tags of every other."""

from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from portal.documents.boxed import spoken
from portal.documents.boxed.remains import look
from portal.documents.boxed.sought import Sought
from portal.documents.intake import examine
from portal.documents.redact import Extract, extract, look_again, occurrences
from tests.documents.leaks import OTHER, SECRET, SEEN, everywhere
from tests.documents.making import new, opened, saved, texts

MORE = b"BT /F1 14 Tf 72 700 Td (A picture follows) Tj ET"
KEYS = ("Alt", "ActualText", "E", "T")


def tagged(key: str = "Alt", *, pointed: bool = False, deep: bool = False) -> Pdf:
    """The word is seen on pages 1 and 2, and said by the tags of page 3, by /Pg or by a pointer."""
    pdf = new(SEEN, SEEN, MORE)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    top = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    rows, owners = [], []
    for number, page in enumerate(pdf.pages):
        page.StructParents = number
        body = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(b"/P <</MCID 0>> BDC " + body + b" EMC")
        place: dict[str, object] = {"Pg": page.obj, "K": 0}
        if pointed:
            place = {"K": Dictionary(Type=Name.MCR, Pg=page.obj, MCID=0)}
        row = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=top, **place))
        owners += [number, Array([row])]
        if deep:
            row = pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.Sect, P=top, K=Array([row]))
            )
        if number == 2:
            row[f"/{key}"] = String(f"Photograph of {SECRET} at home")
        rows.append(row)
    top.K, root.K, root.ParentTree = Array(rows), top, Dictionary(Nums=Array(owners))
    pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)
    pdf.Root.Lang = String("en-GB")
    return pdf


def staying(pdf: Pdf) -> Extract:
    """Marked on page 1, and let stay on page 2."""
    source = examine(saved(pdf)).pdf_clear
    found, _ = occurrences(source, SECRET)
    areas = [area for each in found if each.sheet == 1 for area in each.areas]
    return extract(source, [1, 2, 3], areas, [SECRET], [(SECRET, 2)])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("pointed", [False, True])
@pytest.mark.parametrize("deep", [False, True])
def test_tags_of_another_page_do_not_say_it(key: str, pointed: bool, deep: bool) -> None:
    made = staying(tagged(key, pointed=pointed, deep=deep))
    assert made.tested.passed
    assert made.flat == (1, 3)
    # It is where it may stay, on page 2, and nowhere else.
    only = extract(made.pdf_clear, [1, 3], [], [])
    assert everywhere(only.pdf_clear) == []
    assert SECRET in texts(made.pdf_clear)[1]


def test_tags_of_the_page_where_it_may_stay_may_say_it() -> None:
    pdf = tagged()
    pdf.Root.StructTreeRoot.K.K[1].Alt = String(f"Said of {SECRET}")
    pdf.Root.StructTreeRoot.K.K[2].Alt = String("A house")
    made = staying(pdf)
    assert made.tested.passed
    assert made.flat == (1,)


def test_without_a_word_that_stays_a_page_becomes_a_picture_too() -> None:
    source = examine(saved(tagged())).pdf_clear
    found, _ = occurrences(source, SECRET)
    areas = [area for each in found for area in each.areas]
    made = extract(source, [1, 2, 3], areas, [SECRET])
    assert made.tested.passed
    assert everywhere(made.pdf_clear) == []


def test_the_finished_file_is_told_page_and_word() -> None:
    source = examine(saved(tagged())).pdf_clear
    tested = look_again(source, [SECRET], [(SECRET, 1), (SECRET, 2)])
    assert tested.beneath == ((3, SECRET),)
    assert tested.elsewhere == ()


def test_what_belongs_to_no_page_is_elsewhere_whatever_may_stay() -> None:
    pdf = tagged()
    pdf.Root.StructTreeRoot.K.K.append(
        pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, Alt=String(SECRET)))
    )
    left = look(saved(pdf), Sought([SECRET], []), {(SECRET.lower(), at) for at in (1, 2, 3)})
    assert left.elsewhere == {SECRET}


def test_the_tag_of_a_language_is_no_word() -> None:
    left = look(saved(tagged()), Sought(["GB", "Eng"], []), set())
    assert left.clean
    pdf = new(OTHER)
    pdf.Root.Lang = String(f"en-{SECRET}")
    assert look(saved(pdf), Sought([SECRET], []), set()).elsewhere == {SECRET}


def test_tags_that_hold_themselves_end() -> None:
    pdf = tagged()
    top = pdf.Root.StructTreeRoot.K
    top.K[2].K = Array([top, 0])
    ids = {page.obj.objgen for page in pdf.pages}
    assert set(spoken.by_page(pdf, ids).of) == ids


def test_a_file_without_tags_has_none() -> None:
    pdf = opened(saved(new(OTHER)))
    assert spoken.by_page(pdf, {page.obj.objgen for page in pdf.pages}).ids == set()


def test_what_a_file_calls_its_kinds_is_not_in_an_extract() -> None:
    pdf = tagged()
    root = pdf.Root.StructTreeRoot
    root.RoleMap = Dictionary({f"/{SECRET}": Name("/Style"), "/Style": Name.H1})
    root.K.K[1].S, root.K.K[2].S = Name(f"/{SECRET}"), Name.Nothing
    made = staying(pdf)
    assert made.tested.passed
    with opened(made.pdf_clear) as out:
        found = [str(element.S) for element in spoken.elements(out.Root.StructTreeRoot)]
        assert found.count("/H1") == 1
        assert set(found) <= {"/Document", "/Sect", "/P", "/H1", "/NonStruct"}


def test_kinds_that_stand_for_each_other_end() -> None:
    pdf = tagged()
    root = pdf.Root.StructTreeRoot
    root.RoleMap = Dictionary({"/One": Name.Two, "/Two": Name.One})
    root.K.K[1].S = Name.One
    assert staying(pdf).tested.passed
