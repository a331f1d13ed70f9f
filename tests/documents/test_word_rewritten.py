"""What passes the gate is made anew: the final text, and nothing from outside the file."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.boxed.rewrite import Rules, rewrite
from portal.documents.boxed.verdict import RefusedError
from tests.documents.gate import through
from tests.documents.words import (
    docx,
    docx_parts,
    linked_drawing,
    odt,
    relationship,
)


def test_an_honest_file_passes_whole() -> None:
    found, parts = through(docx(**{"word/media/a.png": b"\x89PNG\r\n\x1a\nx"}))
    assert found == {}
    assert set(parts) == {*docx_parts(), "word/media/a.png"}
    assert b"Plain words" in parts["word/document.xml"]
    found, parts = through(odt(**{"Pictures/a.jpg": b"\xff\xd8\xffx"}))
    assert found == {}
    assert next(iter(parts)) == "mimetype"
    assert b"Plain words" in parts["content.xml"]


def test_what_is_added_stays_and_what_is_deleted_goes() -> None:
    body = (
        '<w:p><w:r><w:t>Kept </w:t></w:r><w:ins w:id="1" w:author="A"><w:r><w:t>added</w:t></w:r>'
        '</w:ins><w:del w:id="2"><w:r><w:delText>deleted</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="3"><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>'
    )
    found, parts = through(docx(body))
    assert found == {"tracked_changes": 3}
    text = parts["word/document.xml"]
    assert b"added" in text
    assert b"deleted" not in text
    assert b"moved" not in text
    assert b"w:ins" not in text


def test_comments_and_who_wrote_them_stay_behind() -> None:
    body = '<w:p><w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
    found, parts = through(
        docx(
            body,
            relationship(8, "comments", "comments.xml", external=False),
            **{
                "word/comments.xml": "<c>SECRET</c>",
                "word/commentsExtended.xml": "<c>SECRET</c>",
                "word/people.xml": "<c>SECRET</c>",
            },
        )
    )
    assert found == {"word_comments": 1}
    assert not any(b"SECRET" in part or b"comment" in part.lower() for part in parts.values())


def test_what_is_tracked_in_an_odt_is_final_too() -> None:
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>deleted'
        "</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>Kept<text:change text:change-id="c1"/><office:annotation><dc:creator>A'
        "</dc:creator><text:p>remark</text:p></office:annotation></text:p>"
    )
    found, parts = through(odt(body))
    assert found == {"tracked_changes": 1, "word_comments": 1}
    assert b"Kept" in parts["content.xml"]
    assert b"deleted" not in parts["content.xml"]
    assert b"remark" not in parts["content.xml"]


EVIL = "http://evil.invalid/x"
SPLIT = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText>INCLUDE</w:instrText></w:r>"
    f"<w:r><w:instrText>TEXT {EVIL}</w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


@pytest.mark.parametrize(
    ("body", "relationships", "count"),
    [
        (linked_drawing(), relationship(9, "image", EVIL), 1),
        ("", relationship(9, "image", "file:///etc/hostname"), 1),
        ("", relationship(9, "attachedTemplate", EVIL), 1),
        ("", relationship(9, "subDocument", EVIL), 1),
        ("", relationship(9, "image", EVIL).replace("External", " eXternal "), 1),
        ("", relationship(9, "image", "\\\\evil.invalid\\x", external=False), 1),
        ("", relationship(9, "image", "//evil.invalid/x", external=False), 1),
        ("", relationship(9, "image", EVIL, external=False), 1),
        (f'<w:p><w:fldSimple w:instr=" INCLUDEPICTURE {EVIL} "/></w:p>', "", 1),
        (f'<w:p><w:fldSimple w:instr="DDEAUTO cmd /c {EVIL}"/></w:p>', "", 1),
        (SPLIT, "", 1),
    ],
)
def test_what_leads_out_of_a_docx_is_cut_and_told(
    body: str, relationships: str, count: int
) -> None:
    found, parts = through(docx(body, relationships))
    assert found == {"outside_parts": count}
    whole = b"".join(parts.values())
    assert b"evil" not in whole
    assert b"file:" not in whole
    assert b"r:link" not in whole


def test_a_link_to_click_leads_nowhere_and_is_no_alarm() -> None:
    found, parts = through(docx("", relationship(9, "hyperlink", EVIL)))
    assert found == {}
    assert b"about:blank" in parts["word/_rels/document.xml.rels"]
    assert b"evil" not in b"".join(parts.values())


@pytest.mark.parametrize(
    "address", [EVIL, "file:///etc/hostname", "/etc/hostname", "../x.png", "\\\\evil.invalid\\x"]
)
def test_what_leads_out_of_an_odt_is_cut_and_told(address: str) -> None:
    for element in ("draw:image", "draw:object", "text:section-source", "draw:fill-image"):
        found, parts = through(odt(f'<text:p><{element} xlink:href="{address}"/></text:p>'))
        assert found == {"outside_parts": 1}, element
        assert address.encode() not in b"".join(parts.values())


def test_what_acts_in_an_odt_is_cut_and_told() -> None:
    found, _ = through(
        odt(
            '<text:p><office:event-listeners><script:event-listener xlink:href="vnd.sun.star.x"/>'
            '</office:event-listeners><draw:plugin xlink:href="http://x"/><draw:applet/></text:p>'
        )
    )
    assert found == {"scripts": 1, "embedded_files": 2}


def test_files_inside_stay_behind_and_are_told() -> None:
    inside = {"word/embeddings/a.bin": b"\xd0\xcf\x11\xe0", "word/media/x.exe": b"MZ"}
    more = {"word/media/a.svg": "<svg/>", "word/fonts/f.odttf": "x"}
    found, parts = through(
        docx("", relationship(9, "oleObject", "a.bin", external=False), **inside, **more)
    )
    assert found == {"embedded_files": 2}
    assert not set(parts) & {*inside, *more}
    assert b"oleObject" not in parts["word/_rels/document.xml.rels"]
    found, parts = through(odt(**{"Object 1": b"MZ", "Thumbnails/t.png": b"\x89PNG"}))
    assert found == {"embedded_files": 1}
    assert set(parts) == {"mimetype", "META-INF/manifest.xml", "content.xml"}


def test_a_date_stays_what_it_was() -> None:
    _, parts = through(
        docx('<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>3 May</w:t></w:r></w:fldSimple></w:p>')
    )
    assert b"DATE" not in parts["word/document.xml"]
    assert b"3 May" in parts["word/document.xml"]
    _, parts = through(
        odt('<text:p><text:date text:date-value="2026-05-03">3 May</text:date></text:p>')
    )
    assert b'text:fixed="true"' in parts["content.xml"]


def test_fields_that_look_inside_stay() -> None:
    _, parts = through(docx('<w:p><w:fldSimple w:instr=" PAGE "/></w:p>'))
    assert b" PAGE " in parts["word/document.xml"]


def test_hidden_words_are_told() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>"
    shown = hidden.replace("<w:vanish/>", '<w:vanish w:val="0"/>')
    assert through(docx(hidden + shown))[0] == {"hidden_words": 1}


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]))


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])),
    st.text(alphabet="<>&\"'\n\t x"),
)
def test_words_are_written_as_they_were_read(words: str, more: str) -> None:
    from xml.etree import ElementTree as ET
    from xml.sax.saxutils import escape, quoteattr

    text = f"<a b={quoteattr(more)}>{escape(words + more)}</a>".encode()
    again = ET.fromstring(rewrite(text, Rules()))
    assert again.text in (words + more, None)
    assert again.get("b") == more


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_flipped_bytes_pass_or_are_refused_with_a_reason(data: st.DataObject) -> None:
    made = bytearray(docx(linked_drawing(), relationship(9, "image", EVIL)))
    for _ in range(data.draw(st.integers(1, 20))):
        made[data.draw(st.integers(4, len(made) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(RefusedError):
        _, parts = through(bytes(made))
        assert b"External" not in b"".join(parts.values())
