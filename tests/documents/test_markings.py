"""A paper marked above OFFICIAL-SENSITIVE is not taken; one that only speaks of secrets is."""

from __future__ import annotations

import pytest

from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.markings import require_not_above
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import plain


def with_line(*lines: str) -> bytes:
    """A page with these lines, each by itself, below one another."""
    shown = b"".join(
        b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n"
        % (760 - 20 * number, line.replace("(", r"\(").replace(")", r"\)").encode("latin-1"))
        for number, line in enumerate(lines)
    )
    return plain(shown)


@pytest.mark.parametrize(
    "marking",
    [
        "SECRET",
        "TOP SECRET",
        "UK SECRET",
        "UK TOP SECRET",
        "  SECRET  ",
        "- SECRET -",
        "*** TOP SECRET ***",
        "SECRET - UK EYES ONLY",
        "SECRET UK EYES ONLY",
        "TOP SECRET STRAP2",
        "SECRET // PERSONAL",
        "SECRET: HANDLE WITH CARE",
    ],
)
def test_a_marking_above_is_refused(marking: str) -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(with_line(marking, "Report of the agency", "It says this."))
    assert refused.value.code is RefusalCode.ABOVE_MARKING


def test_also_at_the_foot_of_the_last_page() -> None:
    with pytest.raises(RefusedPaper) as refused:
        require_not_above(
            plain(b"BT /F1 12 Tf 72 700 Td (First) Tj ET", b"BT /F1 9 Tf 72 20 Td (SECRET) Tj ET"),
            Limits(),
        )
    assert refused.value.code is RefusalCode.ABOVE_MARKING


@pytest.mark.parametrize(
    "line",
    [
        "OFFICIAL",
        "OFFICIAL-SENSITIVE",
        "OFFICIAL - SENSITIVE",
        "OFFICIAL-SENSITIVE [PERSONAL]",
        "CONFIDENTIAL",
        "He kept it SECRET from her.",
        "Secret",
        "secret",
        "The Official Secrets Act",
        "SECRETARY OF STATE",
        "SECRETS",
        "TOP SECRETARY",
        "A SECRET",
        "SECRET ADDRESS OF THE VICTIM",
        "UK",
    ],
)
def test_what_is_no_such_marking_is_taken(line: str) -> None:
    assert examine(with_line(line, "Report of the agency", "It says this.")).pages == 1


def test_its_sender_is_told_what_to_do() -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(with_line("SECRET"))
    assert "OFFICIAL-SENSITIVE" in refused.value.words
    assert "Ring the MAPPA unit" in refused.value.words
