"""P3 and P4: stamping a copy, and binding a pack."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name

from portal.chance import new_copy_reference
from portal.crypto.sealing import new_file_key, open_payload, seal_payload
from portal.documents import child
from portal.documents.bind import Paper, bind
from portal.documents.boxed import bindery
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.spare import Spare
from portal.documents.stamp import Stamp, stamp
from tests.bench import ours
from tests.bench.measuring import Row, against, peak_mib, seconds, shown, within
from tests.documents.making import numbered

NAMES = ("Ann Ünal", "محمد بن سلمان", "Ελένη Жук")


def rows() -> list[Row]:
    return [*_binding(), *_stamping()]


def _mark(number: int) -> Stamp:
    return Stamp(
        NAMES[number % len(NAMES)],
        "Probation Service",
        f"Copy {number} of 30 of NMR/26/0117-P1",
        f"Opened 14 May 2026 at 9.{number:02}am",
        new_copy_reference(),
    )


def _stamping() -> list[Row]:
    bound = ours.pack().pdf_clear
    size = f"{len(bound) / 1e6:.0f} MB, {ours.pack().pages} pages"
    file_key = new_file_key()
    sealed = seal_payload(file_key, bound).body
    numbers = iter(range(1000))
    for _ in NAMES:
        stamp(bound, _mark(next(numbers)))
    marking = seconds(lambda: stamp(bound, _mark(next(numbers))), 30)
    opening = seconds(lambda: open_payload(file_key, sealed), 7)
    halves = memoryview(bound)[: len(bound) // 2], memoryview(bound)[len(bound) // 2 :]
    copying = seconds(lambda: b"".join(halves), 7)
    saving = seconds(lambda: _overlaid(bound), 7)
    return [
        within("P3", f"stamp a copy ({size})", marking, "< 5 ms above decryption", 0.005),
        against("P3", "stamp a copy", marking, "pikepdf re-save, one overlay", saving, "≥ 10", 10),
        against("P3", "stamp a copy", marking, "copying the bytes in memory", copying, "", None),
        Row("P3", "decryption of the same, beside it", shown(opening), "", None, "", None),
        Row("P3", "peak memory", f"{peak_mib():.0f} MiB", "", None, "", None),
    ]


def _overlaid(bound: bytes) -> bytes:
    """What everybody does: one drawing, used by every page, and the file written anew."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        drawing = pdf.make_stream(
            b"BT /F1 7 Tf 20 5 Td (Ann Unal, copy 1) Tj ET",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 600, 12]),
            Resources=Dictionary(
                Font=Dictionary(
                    F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
                )
            ),
        )
        for page in pdf.pages:
            name = page.add_resource(drawing, Name.XObject)
            page.contents_add(pdf.make_stream(b"q %s Do Q" % str(name).encode()))
        pdf.save(out)
    return out.getvalue()


def _binding() -> list[Row]:
    papers = ours.accepted()
    took = seconds(lambda: bind(ours.FRONT, papers), 7)
    cleaned = seconds(lambda: [examine(upload) for upload in ours.uploads()], 1)
    with patch.object(child, "run", _in_this_process):
        unlimited = seconds(lambda: bind(ours.FRONT, papers), 7)
    merged, framed = seconds(_merged, 7), seconds(lambda: _merged(numbered(ours.PAGES)), 7)
    waits = _own_mib(child._SPARE)
    unready = seconds(lambda: _bind_unready(papers), 5)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    work = f"bind {len(papers)} papers, {ours.pack().pages} pages"
    return [
        within("P4", f"{work}, with places for marks", took, "< 1 s", 1.0),
        against("P4", work, took, "pypdf: merge, bookmarks, a line on each page", framed, "> 1", 1),
        against("P4", work, took, "pypdf: merge alone", merged, "", None),
        against("P4", f"{work}, in one process as pypdf does, without limits", unlimited,
                "pypdf: merge, bookmarks, a line on each page", framed, "", None),
        Row("P4", f"{work}, when no child waits", shown(unready), "", None, "", None),
        Row("P4", "examine and rebuild the 12 uploads", shown(cleaned), "", None, "", None),
        Row("P4", "memory: the largest child at work, and the one that waits",
            f"{largest:.0f} MiB, and {waits:.0f} MiB of its own", "", None, "", None),
    ]  # fmt: skip


def _in_this_process(
    task: str, asked: Mapping[str, object], blobs: Sequence[bytes], limits: Limits
) -> tuple[dict[str, object], list[bytes]]:
    """What the limited child does, where nobody should do it with foreign bytes."""
    assert task == "bind"
    return bindery.task({**asked, "pages": limits.pages}, blobs)


def _bind_unready(papers: Sequence[Paper]) -> None:
    """As for the first paper after a start, or for two at the same time."""
    child._SPARE.end()
    bind(ours.FRONT, papers)


def _own_mib(spare: Spare) -> float:
    """What a child that waits holds and shares with nothing else."""
    waiting = spare.take()
    try:
        time.sleep(2)  # until it has loaded everything
        told = Path(f"/proc/{waiting.pid}/smaps_rollup").read_text("ascii")
    finally:
        with waiting:
            waiting.kill()
    own = [line.split()[1] for line in told.splitlines() if line.startswith("Private_")]
    return sum(map(int, own)) / 1024


def _merged(lines: bytes = b"") -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for paper in ours.accepted():
        writer.append(io.BytesIO(paper.pdf_clear or b""), outline_item=paper.title)
    if lines:
        painted = pypdf.PdfReader(io.BytesIO(lines)).pages
        for number, page in enumerate(writer.pages):
            page.merge_page(painted[number])
    writer.write(out)
    return out.getvalue()
