"""The reader beneath the pages reads a file to its end, or says that it did not."""

from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from portal.documents.boxed import spelling
from portal.documents.boxed.remains import look
from portal.documents.boxed.sought import Sought
from portal.documents.boxed.verdict import RefusedError
from tests.documents.leaks import SECRET
from tests.documents.making import new, saved


def crowd(count: int) -> Array:
    """So many things, of which the one that is read last tells."""
    return Array([String(SECRET), *(Array([0]) for _ in range(count - 1))])


def test_what_comes_after_very_many_things_is_found() -> None:
    pdf = new()
    pdf.Root.Much = pdf.make_indirect(crowd(230_000))
    assert look(saved(pdf), Sought([SECRET], []), set()).elsewhere == {SECRET}


def test_more_than_is_read_is_refused_and_never_passed_over() -> None:
    with pytest.raises(RefusedError) as refused:
        list(spelling.texts(crowd(50), set(), most=50))
    assert refused.value.code == "too_heavy"
    assert SECRET in set(spelling.texts(crowd(50), set(), most=51))


@pytest.mark.parametrize("kind", [Name.Image, Name.Form])
def test_a_stream_that_is_longer_than_is_read_is_refused(kind: Name) -> None:
    pdf = Pdf.new()
    body = b" " * spelling.LARGEST + SECRET.encode()
    long = Stream(pdf, body, Subtype=kind)
    with pytest.raises(RefusedError) as refused:
        list(spelling.texts(long, set()))
    assert refused.value.code == "too_heavy"


def test_a_stream_of_more_than_sixteen_mebibytes_is_read_to_its_end() -> None:
    pdf = Pdf.new()
    long = Stream(pdf, bytes(17 * 1024 * 1024) + SECRET.encode(), Subtype=Name.Image)
    (said,) = (text for text in spelling.texts(long, set()) if isinstance(text, bytes))
    assert said.endswith(SECRET.encode())


def test_a_range_of_codes_beyond_two_bytes_is_read_as_far_as_codes_go() -> None:
    pdf = Pdf.new()
    table = b"1 beginbfrange <0000> <1FFFF> <0041> endbfrange"
    codes = spelling.codes_of(Dictionary(ToUnicode=pdf.make_stream(table)))
    assert codes is not None
    assert codes[1] == "B"


def test_a_range_of_codes_that_ends_before_it_begins_means_nothing() -> None:
    pdf = Pdf.new()
    table = b"1 beginbfrange <0009> <0001> [<0041> <0042>] endbfrange"
    assert spelling.codes_of(Dictionary(ToUnicode=pdf.make_stream(table))) == {}
