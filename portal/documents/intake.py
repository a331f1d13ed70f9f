"""Takes in a foreign file: a clean PDF and what was found in it, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from portal.documents import child, convert
from portal.documents.findings import Finding, FindingKind, of_pages
from portal.documents.limits import Limits
from portal.documents.look import Looked, look_through
from portal.documents.markings import require_not_above
from portal.documents.recognise import recognise
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import BehindLock, NoScanner, OneUpload, Scanner
from portal.documents.sniff import PICTURES, Shape, sniff
from portal.domain.papers import Scan

_LOCKS: Final = {"locked": "unlock", "locked_doc": "unlock_doc", "locked_odt": "unlock_odt"}
"""Kinds of Word files that are locked, and what opens each by its password."""

__all__ = ["Accepted", "Finding", "FindingKind", "Limits", "examine"]


@dataclass(frozen=True)
class Accepted:
    """A paper that may be sealed: rebuilt bytes, pages, what was found, whether it was scanned."""

    pdf_clear: bytes
    pages: int
    findings: tuple[Finding, ...]
    scan: Scan = Scan.NOT_SCANNED


@dataclass(frozen=True)
class _Pages:
    """A PDF that is not clean yet, and what making it has brought to light."""

    pdf: bytes
    counts: dict[str, int]


def examine(
    clear: bytes,
    limits: Limits | None = None,
    *,
    scanner: Scanner | None = None,
    password: str = "",
) -> Accepted:
    """Rebuild a paper from its pages alone, in limited child processes and in memory only.

    Its size is weighed, its type told by structure and never by a name, it is scanned, made
    into pages where it is a Word file or a picture, and what comes of that is rebuilt as any
    PDF; then it is searched for words that nobody sees, and the words of pages that are only
    pictures are recognised. One that is marked above OFFICIAL-SENSITIVE is not taken. The
    `password` of a locked file is used for this once. Without a `scanner` the paper is not scanned.

    Raises RefusedPaper: with a reason of the closed list and words for the sender.
    """
    limits = limits or Limits()
    scans = OneUpload(scanner or NoScanner(), limits.scan_seconds)
    if len(clear) > limits.bytes:
        raise RefusedPaper(RefusalCode.TOO_BIG)
    shape = sniff(clear)
    if shape is Shape.PDF:
        rebuilt = _pdf(clear, limits, scans, password)
    elif shape in PICTURES:
        scan = scans.scan(clear)
        rebuilt = _rebuilt(_picture(clear, shape, limits), limits, scan)
    else:
        scan, made = _word(clear, shape, limits, scans, password)
        rebuilt = _rebuilt(made, limits, scan)
    looked = Looked(())
    if shape not in PICTURES:  # which say nothing yet
        looked = look_through(rebuilt.pdf_clear, rebuilt.pages, limits)
        rebuilt = replace(rebuilt, findings=_sorted([*rebuilt.findings, *looked.unseen]))
    accepted = _with_words(rebuilt, looked, limits)
    if looked.above is not False or accepted.pdf_clear is not rebuilt.pdf_clear:
        require_not_above(accepted.pdf_clear, limits)
    return accepted


def _pdf(clear: bytes, limits: Limits, scans: OneUpload, password: str) -> Accepted:
    """Scanned as it is, unlocked where it is locked, and each attached file on its own, those
    attached to an attached PDF too."""
    try:
        scan = scans.scan(clear)
        locked = False
    except BehindLock:
        scan = Scan.CLEAN  # so far: what comes out of the lock is scanned below
        locked = True
    accepted = _rebuilt(_Pages(clear, {}), limits, scan, password)
    if scan is Scan.NOT_SCANNED:
        return accepted
    found = {finding.kind for finding in accepted.findings}
    if locked or FindingKind.LOCK_REMOVED in found:
        scans.scan(accepted.pdf_clear)
    shut = _attached(clear, limits, scans, password)
    if not shut:
        return accepted
    locked_files = of_pages(FindingKind.LOCKED_ATTACHMENTS, shut)
    return replace(accepted, findings=_sorted([*accepted.findings, locked_files]))


def _attached(clear: bytes, limits: Limits, scans: OneUpload, password: str) -> set[int]:
    """Has each attached file scanned; tells into which nobody could look, of the file's own from
    1. None of them is in what goes on."""
    told, files = child.run("attachments", {"password": password}, [clear], limits)
    belongs = _numbers(told.get("belongs"), limits)
    shut = set(_numbers(told.get("shut"), limits))
    if len(belongs) != len(files):
        raise RefusedPaper(RefusalCode.HOSTILE)
    for number, file in zip(belongs, files, strict=True):
        try:
            scans.scan(file)
        except BehindLock:
            shut.add(number)
    return shut


def _numbers(told: object, limits: Limits) -> list[int]:
    if not isinstance(told, list) or not all(type(each) is int for each in told):
        raise RefusedPaper(RefusalCode.HOSTILE)
    if not all(1 <= each <= limits.attached for each in told):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return told


def _picture(clear: bytes, shape: Shape, limits: Limits) -> _Pages:
    header, parts = child.run("pictures", {"kind": shape.value}, [clear], limits)
    return _Pages(_only(parts), _counts(header))


def _word(
    clear: bytes, shape: Shape, limits: Limits, scans: OneUpload, password: str
) -> tuple[Scan, _Pages]:
    """Scanned as it is, and unlocked; through the gate, and to pages. An old .doc becomes an .odt
    before the gate."""
    try:
        scan, behind = scans.scan(clear), None
    except BehindLock as locked:
        scan, behind = Scan.CLEAN, locked  # so far: what comes out of the lock is scanned below
    looked = _gate(clear, shape, limits)
    if looked.kind in _LOCKS:
        clear = _unlocked(clear, _LOCKS[looked.kind], limits, password)
        if scan is not Scan.NOT_SCANNED:
            scans.scan(clear)
        looked = _gate(clear, sniff(clear), limits)
        looked.counts[FindingKind.LOCK_REMOVED.value] = 1
    elif behind is not None:
        raise behind
    counts = looked.counts
    old = looked.kind == "doc"
    if old:
        looked = _gate(convert.to_open_text(clear, limits), Shape.ARCHIVE, limits)
        counts = {
            name: max(looked.counts.get(name, 0), counts.get(name, 0))
            for name in (*looked.counts, *counts)
        }
    else:
        # The gate has stopped them at the day last seen; in a .doc they had moved before it.
        counts.pop(FindingKind.MOVING_DATES.value, None)
    if looked.kind not in ("docx", "odt"):
        raise RefusedPaper(RefusalCode.HOSTILE)
    pdf = convert.to_pdf(_only(looked.parts), looked.kind, limits)
    return scan, _Pages(pdf, {**counts, FindingKind.FROM_WORD.value: 1})


@dataclass(frozen=True)
class _Gate:
    """What a Word file is, what was found in it, and the new archive of a newer one."""

    kind: str
    counts: dict[str, int]
    parts: list[bytes]


def _gate(clear: bytes, shape: Shape, limits: Limits) -> _Gate:
    task = "ole" if shape is Shape.OLE else "office"
    header, parts = child.run(task, {}, [clear], limits)
    return _Gate(str(header.get("kind")), _counts(header), parts)


def _unlocked(clear: bytes, task: str, limits: Limits, password: str) -> bytes:
    """The Word file without its lock. Raises RefusedPaper."""
    _, parts = child.run(task, {"password": password}, [clear], limits)
    found = _only(parts)
    if len(found) > limits.bytes:
        raise RefusedPaper(RefusalCode.TOO_BIG)
    if sniff(found) not in (Shape.ARCHIVE, Shape.OLE):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return found


def _rebuilt(made: _Pages, limits: Limits, scan: Scan, password: str = "") -> Accepted:
    header, parts = child.run("sanitise", {"password": password}, [made.pdf], limits)
    pages = header.get("pages")
    pdf = _only(parts)
    if type(pages) is not int or not 1 <= pages <= limits.pages or not pdf.startswith(b"%PDF-"):
        raise RefusedPaper(RefusalCode.HOSTILE)
    counts = _counts(header)
    if made.counts:
        counts = _of_the_original(counts, made.counts)
    return Accepted(pdf, pages, _findings(counts), scan)


def _with_words(accepted: Accepted, looked: Looked, limits: Limits) -> Accepted:
    """With words over the pages that are pictures, as far as they can be recognised here."""
    try:
        known = None if looked.pictures is None else (accepted.pages, looked.pictures)
        done = recognise(accepted.pdf_clear, limits, known)
    except RefusedPaper:
        # What could not be looked through has been rebuilt all the same, and is as safe as ever.
        unclear = Finding(FindingKind.PICTURES_UNCLEAR, accepted.pages)
        return replace(accepted, findings=_sorted([*accepted.findings, unclear]))
    gone = {FindingKind.PICTURE_PAGES} | ({FindingKind.NO_TAGS} if done.tagged else set())
    findings = [finding for finding in accepted.findings if finding.kind not in gone]
    for kind, pages in (
        (FindingKind.RECOGNISED, done.read),
        (FindingKind.PICTURE_PAGES, (*done.wordless, *done.unread)),
        (FindingKind.PAGES_NOT_REACHED, done.late),
    ):
        findings += [of_pages(kind, pages)] if pages else []
    return replace(accepted, pdf_clear=done.pdf_clear, findings=_sorted(findings))


def _of_the_original(counts: dict[str, int], original: dict[str, int]) -> dict[str, int]:
    """What the sender's own file held; what only our own conversion put in is not told."""
    own = {FindingKind.DETAILS.value}
    if FindingKind.PICTURE_PAGES.value in original:
        own.add(FindingKind.NO_TAGS.value)
    return {**{name: count for name, count in counts.items() if name not in own}, **original}


def _only(parts: list[bytes]) -> bytes:
    if len(parts) != 1:
        raise RefusedPaper(RefusalCode.HOSTILE)
    return parts[0]


def _counts(header: dict[str, object]) -> dict[str, int]:
    told = header.get("findings")
    if not isinstance(told, dict):
        raise RefusedPaper(RefusalCode.HOSTILE)
    for name, count in told.items():
        if name not in set(FindingKind) or type(count) is not int or count < 0:
            raise RefusedPaper(RefusalCode.HOSTILE)
    return told


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    order = list(FindingKind)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.kind)))


def _findings(counts: dict[str, int]) -> tuple[Finding, ...]:
    return tuple(Finding(kind, counts[kind]) for kind in FindingKind if counts.get(kind))
