"""A character that no font has makes no error, and does not take a paper's PDF/UA-1 claim."""

from __future__ import annotations

import pytest

from portal.documents.typeset import typeset
from tests.documents.making import opened

NO_LETTERS = {
    "Cherokee": "ᏣᎳᎩ",
    "private": "\ue000\uf8ff",
    "unassigned": "a\u0378b",
    "a family": "👨‍👩‍👧",
    "beyond the first plane": "\U0001f9ff\U000e0041",
    "what stands for none": "\ufffd",
    "a lone mark": "\u0301a",
    "turned about": "a\u202eb",
    "many": "".join(map(chr, range(0x13A0, 0x13B4))),
}


@pytest.mark.parametrize("name", NO_LETTERS)
def test_the_paper_is_made_and_keeps_its_claim(name: str) -> None:
    words = f"Report of {NO_LETTERS[name]}, read aloud"
    made = typeset(
        "placeholder", {"title": words, "reference": "r", "words": words, "help": "Ask the chair."}
    )
    with opened(made) as pdf:
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()


def test_more_of_them_than_a_name_could_have_cost_the_claim_alone() -> None:
    words = "".join(map(chr, range(0x13A0, 0x13F0)))
    made = typeset(
        "placeholder", {"title": "t", "reference": "r", "words": words, "help": "Ask the chair."}
    )
    with opened(made) as pdf:
        assert b"pdfuaid:part" not in pdf.Root.Metadata.read_bytes()
        assert len(pdf.pages) == 1
