"""Each file attached to a PDF is a question to the scanner: there are not any number of them."""

from __future__ import annotations

import socket
import time
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


@pytest.mark.parametrize("slow", [0.2, 3.0])
def test_a_slow_scanner_is_given_one_time_for_all_of_an_upload(slow: float, tmp_path: Path) -> None:
    """Slow for each file, but within its patience; or so slow that the time ends within one."""
    questions: list[int] = []
    clean = says(b"stream: OK\0")

    def act(line: socket.socket) -> None:
        questions.append(1)
        time.sleep(slow if len(questions) > 1 else 0)
        clean(line)

    began = time.monotonic()
    with pretending(tmp_path, act) as path, pytest.raises(RefusedPaper) as refused:
        examine(with_files(100), Limits(scan_seconds=1), scanner=Clamd(path, 5))
    assert refused.value.code is RefusalCode.TOOK_TOO_LONG
    assert "choose Print" in refused.value.words
    assert len(questions) <= 7
    assert time.monotonic() - began < 15


def test_a_scanner_that_is_down_is_said_to_be_down_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(with_files(3), Limits(scan_seconds=1), scanner=Clamd(tmp_path / "none", 5))
    assert refused.value.code is RefusalCode.SCANNER_DOWN
