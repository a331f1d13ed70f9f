"""Why a paper was refused, in words its sender can act upon."""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """The closed list of reasons. Ledger lines carry the code, screens carry the words."""

    EMPTY = "empty"
    NOT_PDF = "not_pdf"
    WORD_FILE = "word_file"
    OFFICE_FILE = "office_file"
    PICTURE = "picture"
    TOO_BIG = "too_big"
    TOO_MANY_PAGES = "too_many_pages"
    NO_PAGES = "no_pages"
    PAGE_SIZE = "page_size"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105  # the name of a reason, not a secret
    DYNAMIC_FORM = "dynamic_form"
    HOSTILE = "hostile"
    TOO_HEAVY = "too_heavy"
    TOOK_TOO_LONG = "took_too_long"
    NOT_CHECKED = "not_checked"


_PRINT = "Open it, choose Print, then Microsoft Print to PDF (or Save as PDF), and upload that."

_WORDS = {
    RefusalCode.EMPTY: "The file is empty. Choose the file again.",
    RefusalCode.NOT_PDF: f"This is not a PDF file. {_PRINT}",
    RefusalCode.WORD_FILE: (
        "This is a Word or text document. Save as PDF and upload that: in Word choose File, "
        "Save as, then PDF."
    ),
    RefusalCode.OFFICE_FILE: "This is not a PDF file. Save as PDF and upload that.",
    RefusalCode.PICTURE: f"This is a picture, not a PDF file. {_PRINT}",
    RefusalCode.TOO_BIG: (
        "The file is too big. Scan it at a lower resolution or upload it in parts."
    ),
    RefusalCode.TOO_MANY_PAGES: "The file has too many pages. Upload it in parts.",
    RefusalCode.NO_PAGES: f"The file has no pages that can be read. {_PRINT}",
    RefusalCode.PAGE_SIZE: f"A page in this file is larger than five metres. {_PRINT}",
    RefusalCode.DAMAGED: (
        "The file is damaged or was cut off on its way. Open the original to see that it is "
        f"whole. {_PRINT}"
    ),
    RefusalCode.PASSWORD: (
        "The file needs a password to open. Save a copy without the password and upload that."
    ),
    RefusalCode.DYNAMIC_FORM: (
        "This form only shows its answers in Adobe Reader. Print it with Microsoft Print to PDF "
        "and upload that."
    ),
    RefusalCode.HOSTILE: f"Something in this file could not be read safely. {_PRINT}",
    RefusalCode.TOO_HEAVY: (
        f"Something in this file unpacks to far more than a paper ever needs. {_PRINT}"
    ),
    RefusalCode.TOOK_TOO_LONG: f"Reading this file took too long. {_PRINT}",
    RefusalCode.NOT_CHECKED: "The file could not be checked just now. Try again in a minute.",
}


class RefusedPaper(Exception):  # a refusal is an answer, not a fault
    """A paper that is not taken. Nothing of it is kept, and its bytes are not in the message."""

    def __init__(self, code: RefusalCode) -> None:
        """Refuse for the given reason."""
        super().__init__(code.value)
        self.code = code

    @property
    def words(self) -> str:
        """What happened and what to do, in plain English."""
        return _WORDS[self.code]
