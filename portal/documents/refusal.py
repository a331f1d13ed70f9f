"""Why a paper was refused, in words its sender can act upon."""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """The closed list of reasons. Ledger lines carry the code, screens carry the words."""

    EMPTY = "empty"
    NOT_PDF = "not_pdf"
    PROGRAM = "program"
    WORD_FILE = "word_file"
    OFFICE_FILE = "office_file"
    PICTURE = "picture"
    TOO_BIG = "too_big"
    TOO_MANY_PAGES = "too_many_pages"
    NO_PAGES = "no_pages"
    PAGE_SIZE = "page_size"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105  # the name of a reason, not a secret
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # the name of a reason, not a secret
    LOCKED = "locked"
    PROTECTED = "protected"
    MACROS = "macros"
    NO_CONVERSION = "no_conversion"
    NOT_CONVERTED = "not_converted"
    DYNAMIC_FORM = "dynamic_form"
    HOSTILE = "hostile"
    TOO_HEAVY = "too_heavy"
    TOOK_TOO_LONG = "took_too_long"
    NOT_CHECKED = "not_checked"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"
    SCANNER_DOWN = "scanner_down"
    NOT_SCANNED = "not_scanned"
    ABOVE_MARKING = "above_marking"


_PRINT = "Open it, choose Print, then Microsoft Print to PDF (or Save as PDF), and upload that."
_SAVE = "In Word choose File, Save as, then PDF, and upload that."

_WORDS = {
    RefusalCode.EMPTY: "The file is empty. Choose the file again.",
    RefusalCode.NOT_PDF: (
        f"This is not a PDF, nor a Word file or picture that can be taken. {_PRINT}"
    ),
    RefusalCode.PROGRAM: (
        "This is a program, not a paper. Do not open it and do not upload it again. Tell your own "
        "IT team where it came from."
    ),
    RefusalCode.WORD_FILE: (
        "This kind of text document is not taken; .docx, .odt and .doc are. Save as PDF and "
        "upload that: in Word choose File, Save as, then PDF."
    ),
    RefusalCode.OFFICE_FILE: (
        "This is not a PDF, a Word file or a picture. Save as PDF and upload that."
    ),
    RefusalCode.PICTURE: (
        "This kind of picture is not taken; JPEG, PNG and TIFF are. Save it as one of these and "
        "upload that."
    ),
    RefusalCode.TOO_BIG: (
        "The file is too big. Scan it at a lower resolution or upload it in parts."
    ),
    RefusalCode.TOO_MANY_PAGES: "The file has too many pages. Upload it in parts.",
    RefusalCode.NO_PAGES: f"The file has no pages that can be read. {_PRINT}",
    RefusalCode.PAGE_SIZE: f"A page in this file is larger than five metres. {_PRINT}",
    RefusalCode.DAMAGED: (
        "The file is damaged or was cut off on its way. If the original is whole, open that, "
        "choose Print, then Microsoft Print to PDF (or Save as PDF), and upload what comes of it."
    ),
    RefusalCode.PASSWORD: (
        "The file needs a password to open. Choose it again and type its password below, or "
        "upload a copy without the password."
    ),
    RefusalCode.WRONG_PASSWORD: (
        "That password does not open the file. Choose it again and type its password below, or "
        "upload a copy without the password."
    ),
    RefusalCode.LOCKED: (
        "The file needs a password to open. Save a copy without the password and upload that."
    ),
    RefusalCode.PROTECTED: (
        "The file opens for certain people or computers only, with no password that could be typed "
        f"here. {_PRINT}"
    ),
    RefusalCode.MACROS: f"The file holds macros, which are small programs. {_SAVE}",
    RefusalCode.NO_CONVERSION: (
        "Word files cannot be taken here at the moment. Save it as PDF in Word and upload that."
    ),
    RefusalCode.NOT_CONVERTED: f"This Word file could not be turned into pages. {_SAVE}",
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
    RefusalCode.INFECTED: (
        "The virus scanner found something harmful in this file. Do not upload it again, and do "
        "not open it. Tell your own IT team now."
    ),
    RefusalCode.UNSCANNABLE: (
        f"The virus scanner could not look through all of this file. {_PRINT}"
    ),
    RefusalCode.SCANNER_DOWN: (
        "The virus scanner does not answer, so no file is taken at the moment. Try again in a few "
        "minutes, or ring the unit."
    ),
    RefusalCode.NOT_SCANNED: (
        "There is no virus scanner here, and this area takes no file without one. Try another "
        "way of sending it: ring the unit."
    ),
    RefusalCode.ABOVE_MARKING: (
        "This paper is marked above OFFICIAL-SENSITIVE, and nothing above that may be put here. "
        "Ring the MAPPA unit and agree how it is shared. Tell your own security team that it was "
        "uploaded."
    ),
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
