"""A file is given its index only where every place is in it exactly once."""

from __future__ import annotations

import io

import pytest

from portal.documents.boxed import slots


def noted(pdf: bytes, tag: bytes) -> bytes:
    file = io.BytesIO(pdf)
    slots.note_down(file, tag)
    return file.getvalue()


@pytest.mark.parametrize("pdf", [b"", b"%%EOF\n", b"startxref\n0\n%%EOF\n", bytes(400)])
def test_what_has_no_index_has_no_places(pdf: bytes) -> None:
    assert slots.find(pdf) is None
    with pytest.raises(ValueError, match=r"the file|a place"):
        noted(pdf, b"0" * 32)


def test_a_file_in_which_a_place_is_twice_is_not_made() -> None:
    tag = b"ab" * 16
    ends = b"/ID [<" + b"0" * 32 + b"><" + b"0" * 32 + b">]\nstartxref\n%d\n%%%%EOF\n"
    body = slots.unmarked(b"foot", tag) + slots.unmarked(b"across", tag) + slots.unsaid(tag)
    good = noted(body + ends % len(body), tag)
    assert slots.find(good) is not None
    for twice in (slots.unmarked(b"foot", tag), slots.unsaid(tag)):
        with pytest.raises(ValueError, match="exactly once"):
            noted(twice + body + ends % (len(body) + len(twice)), tag)
    with pytest.raises(ValueError, match="/ID"):
        noted(body + ends % (len(body) + 60), tag)


def test_an_index_is_written_into_the_file_it_is_given() -> None:
    tag = b"cd" * 16
    ends = b"/ID [<" + b"0" * 32 + b"><" + b"0" * 32 + b">]\nstartxref\n%d\n%%%%EOF\n"
    body = slots.unmarked(b"foot", tag) + slots.unmarked(b"across", tag) + slots.unsaid(tag)
    before = body + ends % len(body)
    after = noted(before, tag)
    at = slots.find(after)
    assert at is not None
    assert after[: at.index] + after[at.index + at.index_length + 1 :] == before


def test_a_place_of_which_only_the_beginning_is_there_is_none() -> None:
    tag = b"ab" * 16
    ends = b"/ID [<" + b"0" * 32 + b"><" + b"0" * 32 + b">]\nstartxref\n%d\n%%%%EOF\n"
    for short in (129, slots.WORDS - 1):
        body = slots.unmarked(b"foot", tag) + slots.unmarked(b"across", tag)
        body += slots.unsaid(tag)[:short]
        with pytest.raises(ValueError, match="exactly once"):
            noted(body + ends % len(body), tag)
