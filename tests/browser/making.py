"""Papers to hand in: made here, so that what must be found and removed is known."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf

from portal.documents.typeset import typeset

SCRIPT = "app.alert('planted')"
ATTACHED = b"planted: a spreadsheet nobody was meant to get"
REMARK = "planted: shall we mention the sister?"


def report(title: str, name: str, born: date, paragraphs: list[str]) -> bytes:
    """A plain report, as an agency's own word processor would save it."""
    facts = [["Individual", name], ["Date of birth", f"{born:%-d %B %Y}"]]
    return typeset("notice", {"title": title, "facts": facts, "paragraphs": paragraphs})


def with_what_must_go(clear: bytes) -> bytes:
    """The same report with a script, an attachment and a remark in the margin."""
    pdf = pikepdf.open(BytesIO(clear))
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SCRIPT)
    pdf.attachments["figures.xlsx"] = pikepdf.AttachedFileSpec(pdf, ATTACHED)
    pdf.pages[0].Annots = pikepdf.Array(
        [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Text,
                    Rect=[500, 700, 520, 720],
                    Contents=REMARK,
                )
            )
        ]
    )
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def file_of(folder: Path, name: str, clear: bytes) -> Path:
    """The bytes as a file somebody can choose."""
    path = folder / name
    path.write_bytes(clear)
    return path
