"""Words of a .docx that a style hides, and documents it shows from within, are told."""

from __future__ import annotations

import pytest

from tests.documents.gate import through
from tests.documents.words import W, docx, paragraph, relationship

HIDES = "<w:rPr><w:vanish/></w:rPr>"
SHOWS = '<w:rPr><w:vanish w:val="0"/></w:rPr>'


def styles(*told: str, defaults: str = "") -> str:
    before = f"<w:docDefaults><w:rPrDefault>{defaults}</w:rPrDefault></w:docDefaults>"
    return f'<w:styles xmlns:w="{W}">{before if defaults else ""}{"".join(told)}</w:styles>'


def style(name: str, what: str = "", kind: str = "character", more: str = "", on: str = "") -> str:
    based = f'<w:basedOn w:val="{on}"/>' if on else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}" {more}>{based}{what}</w:style>'


def run(style: str = "", own: str = "") -> str:
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    return f"<w:r><w:rPr>{named}{own}</w:rPr><w:t>words</w:t></w:r>"


def para(*runs: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{''.join(runs)}</w:p>"


def hidden(body: str, listed: str) -> int:
    found, _ = through(docx(body, **{"word/styles.xml": listed}))
    return found.get("hidden_words", 0)


LISTED = styles(
    style("H", HIDES),
    style("S", SHOWS),
    style("N"),
    style("OnH", on="H"),
    style("SOnH", SHOWS, on="H"),
    style("P", HIDES, "paragraph"),
    style("Loop", on="Pool"),
    style("Pool", on="Loop"),
)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (para(run("H")), 1),
        (para(run("H"), run("H"), run()), 2),
        (para(run(), run(), style="P"), 2),
        (para(run("OnH")), 1),
        (para(run("SOnH")), 0),
        (para(run("S"), run("N"), style="P"), 1),
        (para(run("H", '<w:vanish w:val="0"/>')), 0),
        (para(run("H", "<w:vanish/>")), 1),
        (para(run("N"), run("Loop"), run("Unknown")), 0),
        (para("<w:r><w:rPr><w:rStyle w:val='H'/></w:rPr></w:r>"), 0),
        # A frame of text within a run: its paragraphs have their own styles.
        (para(f"<w:r><w:pict>{para(run(), style='P')}</w:pict><w:t>seen</w:t></w:r>"), 1),
        (para(f"<w:r><w:pict>{para(run())}</w:pict><w:t>unseen</w:t></w:r>", style="P"), 1),
    ],
)
def test_what_a_style_hides_is_counted(body: str, count: int) -> None:
    assert hidden(body, LISTED) == count


def test_the_usual_style_and_the_defaults_of_the_file_count_where_nothing_else_does() -> None:
    body = para(run(), run("S"), style="") + para(run("H"))
    usual = styles(style("Q", HIDES, "paragraph", 'w:default="1"'), style("S", SHOWS))
    assert hidden(body, usual) == 2
    assert hidden(body, styles(style("S", SHOWS), defaults=HIDES)) == 2
    assert hidden(body, styles(style("Q", HIDES, "paragraph", 'w:default="0"'))) == 0


def test_headers_and_notes_are_looked_through_as_well() -> None:
    more = {
        "word/styles.xml": LISTED,
        "word/header1.xml": f'<w:hdr xmlns:w="{W}">{para(run("H"))}</w:hdr>',
    }
    assert through(docx(paragraph("seen"), **more))[0] == {"hidden_words": 1}


@pytest.mark.parametrize("kind", ["aFChunk", "subDocument"])
@pytest.mark.parametrize("target", ["chunk.xml", "/word/chunk.xml", "./parts/../chunk.xml"])
def test_a_document_that_word_shows_from_within_is_told_and_left_out(
    kind: str, target: str
) -> None:
    refers = relationship(9, kind, target, external=False)
    body = paragraph("seen") + '<w:altChunk r:id="r9"/>'
    clear = docx(body, refers, **{"word/chunk.xml": "<html><body>MARK_LOST</body></html>"})
    found, parts = through(clear)
    assert found == {"embedded_files": 1}
    assert "word/chunk.xml" not in parts
    assert not any(b"MARK_LOST" in body for body in parts.values())


def test_one_in_another_form_is_told_once() -> None:
    refers = relationship(9, "aFChunk", "chunk.html", external=False)
    clear = docx(paragraph("seen"), refers, **{"word/chunk.html": "<html>lost</html>"})
    assert through(clear)[0] == {"embedded_files": 1}


def test_one_that_is_not_there_or_lies_outside_is_not_told_as_embedded() -> None:
    missing = relationship(9, "aFChunk", "../../chunk.xml", external=False)
    assert through(docx(paragraph("seen"), missing))[0] == {}
    outside = relationship(9, "subDocument", "chunk.docx")
    assert through(docx(paragraph("seen"), outside))[0] == {"outside_parts": 1}
