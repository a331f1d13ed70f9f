"""Each file attached to a PDF is a question to the scanner: there are not any number of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name

from portal.documents.intake import Limits, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd
from tests.documents.making import new, saved
from tests.documents.test_scan import pretending, says


def with_files(count: int) -> bytes:
    pdf = new()
    names = Array()
    for number in range(count):
        file = pdf.make_stream(b"file %d" % number, Type=Name.EmbeddedFile)
        spec = Dictionary(Type=Name.Filespec, F=f"{number}.txt", EF=Dictionary(F=file))
        names.extend([f"{number:06}", pdf.make_indirect(spec)])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    return saved(pdf)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Path, list[int]]]:
    """A scanner's socket that finds nothing, and a list that grows by each question."""
    questions: list[int] = []
    clean = says(b"stream: OK\0")

    def act(line: socket.socket) -> None:
        questions.append(1)
        clean(line)

    with pretending(tmp_path, act) as path:
        yield path, questions


def test_more_than_may_be_are_refused_before_the_scanner_is_asked_about_each(
    asked: tuple[Path, list[int]],
) -> None:
    path, questions = asked
    with pytest.raises(RefusedPaper) as refused:
        examine(with_files(Limits().attached + 1), Limits(), scanner=Clamd(path, 5))
    assert refused.value.code is RefusalCode.TOO_HEAVY
    assert len(questions) == 1


def test_as_many_as_may_be_are_each_scanned(asked: tuple[Path, list[int]]) -> None:
    path, questions = asked
    examine(with_files(20), Limits(attached=20), scanner=Clamd(path, 5))
    assert len(questions) == 21
