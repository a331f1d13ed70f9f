"""Nothing that acts, reaches out or describes survives intake; the pages do."""

from __future__ import annotations

import pytest

from portal.documents.boxed.schema import SCHEMA
from portal.documents.findings import FindingKind
from portal.documents.intake import Accepted, examine
from tests.documents.hostile import PLANTED
from tests.documents.making import DENIED, denied, markers, opened, texts

FOUND = {
    "scripts": {FindingKind.SCRIPTS, FindingKind.FORM_FIELDS},
    "actions": {
        FindingKind.PROGRAMS, FindingKind.WEB_LINKS, FindingKind.OTHER_FILES,
        FindingKind.SENDING, FindingKind.EFFECTS,
    },
    "attachments": {
        FindingKind.ATTACHMENTS, FindingKind.MEDIA, FindingKind.COMMENTS,
        FindingKind.COMMENT_WORDS,
    },
    "details": {FindingKind.DETAILS},
    "catalogue_as_property": {FindingKind.SCRIPTS},
    "outside": {FindingKind.OUTSIDE_DATA},
    "form_program": {FindingKind.FORM_PROGRAM, FindingKind.FORM_FIELDS},
    "older_version": {FindingKind.OLDER_VERSIONS},
    "tags_with_more": {FindingKind.ATTACHMENTS},
    "page_of_pages": {FindingKind.SCRIPTS},
}  # fmt: skip


def kinds(accepted: Accepted) -> set[FindingKind]:
    return {finding.kind for finding in accepted.findings}


@pytest.mark.parametrize("name", PLANTED)
def test_no_marker_and_no_denied_key_is_left(name: str) -> None:
    planted = PLANTED[name]()
    assert markers(planted), "the file plants something"
    accepted = examine(planted)
    assert markers(accepted.pdf_clear) == set()
    assert denied(accepted.pdf_clear) == set()
    assert "Plain words" in texts(accepted.pdf_clear)[0]


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_removed_is_told(name: str) -> None:
    accepted = examine(PLANTED[name]())
    assert FOUND[name] <= kinds(accepted)
    for finding in accepted.findings:
        assert finding.count > 0
        assert finding.words.endswith(".")
        assert "{" not in finding.words


@pytest.mark.parametrize("name", PLANTED)
def test_the_catalogue_holds_pages_and_nothing_else(name: str) -> None:
    pdf = opened(examine(PLANTED[name]()).pdf_clear)
    assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/StructTreeRoot", "/MarkInfo", "/Lang"}
    assert set(pdf.trailer.keys()) <= {
        "/Root", "/Size", "/ID", "/Type", "/W", "/Length", "/Filter", "/DecodeParms", "/Index",
    }  # fmt: skip
    assert set(pdf.Root.Pages.keys()) == {"/Type", "/Kids", "/Count"}


@pytest.mark.parametrize("name", PLANTED)
def test_rebuilding_again_changes_nothing(name: str) -> None:
    once = examine(PLANTED[name]())
    twice = examine(once.pdf_clear)
    assert twice.pages == once.pages
    assert twice.pdf_clear == examine(twice.pdf_clear).pdf_clear


def test_no_kept_key_is_a_denied_one() -> None:
    for known in SCHEMA.values():
        assert not DENIED & set(known)
