"""Every paper the portal writes itself, read by readers that are not its own: tagged, titled, in
order, in English; whatever was typed."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from portal.documents.typeset import Template, typeset
from tests.documents.test_typeset import PAGES, SLY

ODD = f"{SLY} {'w' * 3000} 王小明 😀 \u202eevil א ב ﷺ e\u0301\u0301\x00\x07 \ud800"


def minutes(words: str) -> dict[str, object]:
    return {
        "title": "MAPPA C: minutes of the meeting", "reference": "BK/1", "handling": [words],
        "meeting_line": words, "facts": [["Individual", words]], "present": [[words] * 3],
        "others": [["Apologies", words]], "outcome": [["Level", words]],
        "sections": [{"title": "Risk", "facts": [["", words], ["Heading", words]]}],
        "decisions": [{"decision": words, "rationale": words, "dissent": ""}],
        "actions": [[words] * 4],
    }  # fmt: skip


def summary(words: str) -> dict[str, object]:
    return {
        "title": "Executive summary", "reference": "BK/1", "facts": [["Individual", words]],
        "sections": [{"title": "Risk", "paragraphs": [words]}], "note": words, "signed": [words],
    }  # fmt: skip


def disposal(words: str) -> dict[str, object]:
    return {
        "title": "Certificate of disposal", "reference": "BK/1", "date": words,
        "facts": [["Area", words]], "lines": [["1", words, words, "ab " * 8]],
        "proves": [words], "cannot": [words],
    }  # fmt: skip


def cover(words: str) -> dict[str, object]:
    return {
        "title": "Pack", "reference": "BK/1", "meeting_line": words, "recipient_line": words,
        "confidentiality_lines": [words],
        "papers": [{"tab": 1, "title": words, "owner": words, "given": True, "pages": 2}],
    }  # fmt: skip


OURS: dict[Template, Any] = {
    "minutes": minutes, "summary": summary, "disposal": disposal, "cover": cover,
}  # fmt: skip
ALL: dict[Template, dict[str, object]] = {
    **PAGES,
    **{template: made("Plain words.") for template, made in OURS.items()},
}


def elements(node: object) -> Iterator[str]:
    """The roles of the structure tree, in reading order, as another library reads them."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        for each in node:
            yield from elements(each)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from elements(node["/K"])


def roles(pdf: bytes) -> list[str]:
    return list(elements(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]))


@pytest.mark.parametrize("template", ALL)
def test_the_tree_is_there_for_another_reader(template: Template) -> None:
    pdf = typeset(template, ALL[template])
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None
    assert str(root["/Lang"]) == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    found = roles(pdf)
    headings = [role for role in found if role.startswith("/H") and role[2:].isdigit()]
    assert headings[0] == "/H1"
    levels = [int(role[2:]) for role in headings]
    # No level is left out on the way down.
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


@pytest.mark.parametrize("template", ["minutes", "disposal", "cover"])
def test_tables_have_headers(template: Template) -> None:
    found = roles(typeset(template, ALL[template]))
    assert "/Table" in found
    assert "/TH" in found


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("words", [SLY, ODD, "", "w" * 20_000], ids=["sly", "odd", "none", "long"])
def test_whatever_is_typed_is_printed_and_tagged(template: Template, words: str) -> None:
    pdf = typeset(template, OURS[template](words))
    assert "/H1" in roles(pdf)
    if words == SLY:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        assert "".join(SLY.split()) in "".join(text.split())


@pytest.mark.parametrize("template", OURS)
def test_a_megabyte_is_refused_with_words(template: Template) -> None:
    with pytest.raises(ValueError, match="too much"):
        typeset(template, OURS[template]("m" * 1_000_000))


@pytest.mark.parametrize("template", ALL)
def test_pdfinfo_says_tagged(template: Template) -> None:
    """Where it is there; where not, another library is asked for the same."""
    pdf, program = typeset(template, ALL[template]), shutil.which("pdfinfo")
    if program is None:
        assert PdfReader(io.BytesIO(pdf)).metadata is not None
        return
    told = subprocess.run([program, "-"], input=pdf, capture_output=True, check=True).stdout
    lines = dict(line.split(":", 1) for line in told.decode().splitlines() if ":" in line)
    assert lines["Tagged"].strip() == "yes"
    assert lines["Title"].strip()
