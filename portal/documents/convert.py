"""Makes pages of a Word file with LibreOffice, in the sandbox and nowhere else.

Links to the outside are blocked twice: the sandbox has no network and none of our files, and the
profile, fresh each time, forbids following links and running macros. What LibreOffice writes is
foreign bytes like any other, and goes through the same intake as an uploaded PDF.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from portal.documents import pump, sandbox
from portal.documents.fonts import FontsMissingError, folders
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.sandbox import SandboxMissing

PROGRAM: Final = "soffice"
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_IN: Final = "/tmp/paper"  # noqa: S108  # inside the sandbox, where /tmp is memory
_PROFILE: Final = "/tmp/profile"  # noqa: S108  # inside the sandbox
_FONTS: Final = "/tmp/fonts"  # noqa: S108  # inside the sandbox
REGISTRY: Final = "/user/registrymodifications.xcu"
_FILTERS: Final = {"docx": "MS Word 2007 XML", "odt": "writer8", "doc": "MS Word 97"}
_YES: Final = {"type": "boolean", "value": "true"}
_NO: Final = {"type": "boolean", "value": "false"}
_TO_PDF: Final = "pdf:writer_pdf_Export:" + json.dumps(
    {
        "UseTaggedPDF": _YES, "PDFUACompliance": _YES, "ExportBookmarks": _YES,
        "ExportNotes": _NO, "ExportNotesInMargin": _NO, "ExportFormFields": _NO,
    },
    separators=(",", ":"),
)  # fmt: skip
_TO_OPEN_TEXT: Final = "odt:writer8"
# The program ends well even when it wrote nothing, so the last word is whether there is a file.
_STEPS: Final = (
    "FONTCONFIG_FILE=/tmp/fonts.conf; export FONTCONFIG_FILE; "
    'soffice "-env:UserInstallation=file://$1" --headless --norestore --nologo --nodefault '
    '--nolockcheck --infilter="$2" --convert-to "$3" --outdir /tmp/out "$4" >/dev/null 2>&1; '
    'exec cat "/tmp/out/paper.${3%%:*}"'
)
_PROFILE_SETTINGS: Final = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Office.Common/Save/Document", "CreateBackup", "false"),
)


def profile() -> bytes:
    """The settings of LibreOffice: no links followed, no macros run, nothing updated."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _PROFILE_SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    ).encode()


def fonts_told(ours: Iterable[str]) -> bytes:
    """Which fonts there are: those of the machine, and `ours` for letters that it has none for.

    Our Latin letters stay away: a paper in a font that is not here looks as it did without them.
    """
    places = "".join(f"<dir>{place}</dir>" for place in ours)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{places}'
        f"<selectfont><rejectfont><glob>{_FONTS}/*/NotoSans_*</glob></rejectfont></selectfont>"
        "<cachedir>/tmp/home/fonts</cachedir></fontconfig>"
    ).encode()


def _our_fonts() -> dict[str, Path]:
    """Where our fonts lie in the sandbox, and here; none where set-up has fetched none."""
    try:
        return {f"{_FONTS}/{number}": place for number, place in enumerate(folders())}
    except FontsMissingError:
        return {}


def to_pdf(clear: bytes, kind: str, limits: Limits) -> bytes:
    """The pages of a .docx, .odt or .doc (`kind` says which, and LibreOffice never guesses).

    Raises RefusedPaper: NO_CONVERSION where there is no LibreOffice or no sandbox,
    NOT_CONVERTED, TOOK_TOO_LONG, TOO_HEAVY.
    """
    return _convert(clear, kind, _TO_PDF, limits)


def to_open_text(clear: bytes, limits: Limits) -> bytes:
    """A .doc as .odt, which can be looked through before it becomes pages. Raises as `to_pdf`."""
    return _convert(clear, "doc", _TO_OPEN_TEXT, limits)


def _convert(clear: bytes, kind: str, target: str, limits: Limits) -> bytes:
    if shutil.which(PROGRAM) is None:
        raise RefusedPaper(RefusalCode.NO_CONVERSION)
    ours = _our_fonts()
    program = ["sh", "-c", _STEPS, "sh", _PROFILE, _FILTERS[kind], target, _IN]
    files = {_PROFILE + REGISTRY: profile(), _FONTS + ".conf": fonts_told(ours), _IN: clear}
    try:
        with _AT_ONCE:
            done = sandbox.run(program, files, limits, ours)
    except SandboxMissing as missing:
        raise RefusedPaper(RefusalCode.NO_CONVERSION) from missing
    except pump.OverTime as late:
        raise RefusedPaper(RefusalCode.TOOK_TOO_LONG) from late
    except pump.OverSize as large:
        raise RefusedPaper(RefusalCode.TOO_HEAVY) from large
    if done.code == 0 and done.output:
        return done.output
    try:
        sandbox.probe()
    except SandboxMissing as missing:
        raise RefusedPaper(RefusalCode.NO_CONVERSION) from missing
    raise RefusedPaper(RefusalCode.NOT_CONVERTED)
