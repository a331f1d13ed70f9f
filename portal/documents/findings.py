"""What was found in a paper beyond its pages, in words its sender can check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """The closed list. The names are those the child answers with."""

    FROM_WORD = "from_word"
    TRACKED_CHANGES = "tracked_changes"
    WORD_COMMENTS = "word_comments"
    MOVING_DATES = "moving_dates"
    HIDDEN_WORDS = "hidden_words"
    EMBEDDED_FILES = "embedded_files"
    OUTSIDE_PARTS = "outside_parts"
    RECOGNISED = "recognised"
    PICTURE_PAGES = "picture_pages"
    PAGES_NOT_REACHED = "pages_not_reached"
    PICTURES_UNCLEAR = "pictures_unclear"
    PICTURE_PLACE = "picture_place"
    OTHER_VIEWS = "other_views"
    COMMENTS = "comments"
    COMMENT_WORDS = "comment_words"
    REDACTION_MARKS = "redaction_marks"
    FORM_FIELDS = "form_fields"
    FIELDS_UNCLEAR = "fields_unclear"
    SCRIPTS = "scripts"
    PROGRAMS = "programs"
    WEB_LINKS = "web_links"
    OTHER_FILES = "other_files"
    SENDING = "sending"
    EFFECTS = "effects"
    MEDIA = "media"
    PORTFOLIO = "portfolio"
    ATTACHMENTS = "attachments"
    LOCKED_ATTACHMENTS = "locked_attachments"
    OUTSIDE_DATA = "outside_data"
    FORM_PROGRAM = "form_program"
    SIGNATURES = "signatures"
    OLDER_VERSIONS = "older_versions"
    DETAILS = "details"
    UNUSED_DRAWINGS = "unused_drawings"
    LOCK_REMOVED = "lock_removed"
    REPAIRED = "repaired"
    HIDDEN_LAYERS = "hidden_layers"
    OFF_PAGE_TEXT = "off_page_text"
    CROPPED_PICTURES = "cropped_pictures"
    INVISIBLE_TEXT = "invisible_text"
    TINY_TEXT = "tiny_text"
    SCANNED_TEXT = "scanned_text"
    OTHER_WORDS = "other_words"
    NOT_LOOKED_THROUGH = "not_looked_through"
    NO_TAGS = "no_tags"
    TAGS_LOST = "tags_lost"


# One, many: "{n}" is the count.
_WORDS: dict[FindingKind, tuple[str, str]] = {
    FindingKind.FROM_WORD: (
        "The pages were made from a Word file or one like it. Check that every page looks right.",
        "The pages were made from a Word file or one like it. Check that every page looks right.",
    ),
    FindingKind.TRACKED_CHANGES: (
        "1 tracked change is shown as final text. What it deleted is not in the copy.",
        "{n} tracked changes are shown as final text. What they deleted is not in the copy.",
    ),
    FindingKind.WORD_COMMENTS: (
        "1 comment in the margin is not in the copy.",
        "{n} comments in the margin are not in the copy.",
    ),
    FindingKind.MOVING_DATES: (
        "1 date that Word brings up to date by itself shows the day of this upload. Check it.",
        "{n} dates that Word brings up to date by itself show the day of this upload. Check them.",
    ),
    FindingKind.HIDDEN_WORDS: (
        "1 piece of text is marked as hidden. It is not in the copy.",
        "{n} pieces of text are marked as hidden. They are not in the copy.",
    ),
    FindingKind.EMBEDDED_FILES: (
        "1 file embedded in the document was removed. Upload it on its own if it matters.",
        "{n} files embedded in the document were removed. Upload them on their own if they matter.",
    ),
    FindingKind.OUTSIDE_PARTS: (
        "1 picture, text or template kept outside the file was not fetched.",
        "{n} pictures, texts or templates kept outside the file were not fetched.",
    ),
    FindingKind.PICTURE_PAGES: (
        "The page is a picture: screen readers and searches cannot read it.",
        "The {n} pages are pictures: screen readers and searches cannot read them.",
    ),
    FindingKind.PAGES_NOT_REACHED: (
        "1 page is a picture that was not reached in time. Upload the file in parts.",
        "{n} pages are pictures that were not reached in time. Upload the file in parts.",
    ),
    FindingKind.RECOGNISED: (
        "1 page is a picture. Its words were recognised, and may have mistakes.",
        "{n} pages are pictures. Their words were recognised, and may have mistakes.",
    ),
    FindingKind.PICTURES_UNCLEAR: (
        "The page could not be looked through for pictures of words. Check that it can be read.",
        "The pages could not be looked through for pictures of words. Check that they can be read.",
    ),
    FindingKind.PICTURE_PLACE: (
        "The place where the picture was taken stood in the file. It was removed.",
        "The places where {n} pictures were taken stood in the file. They were removed.",
    ),
    FindingKind.OTHER_VIEWS: (
        "The file holds further pictures behind the first. They are not in the copy.",
        "The file holds further pictures behind the first. They are not in the copy.",
    ),
    FindingKind.COMMENTS: (
        "1 comment or drawing, now part of the page.",
        "{n} comments or drawings, now part of the page.",
    ),
    FindingKind.COMMENT_WORDS: (
        "1 comment held words that show only when clicked. They are not in the copy.",
        "{n} comments held words that show only when clicked. They are not in the copy.",
    ),
    FindingKind.REDACTION_MARKS: (
        "1 place is marked for redaction but not redacted: the words beneath are still there.",
        "{n} places are marked for redaction but not redacted: the words beneath are still there.",
    ),
    FindingKind.FORM_FIELDS: (
        "1 form field, now part of the page. Check that its answer shows.",
        "{n} form fields, now part of the page. Check that every answer shows.",
    ),
    FindingKind.FIELDS_UNCLEAR: (
        "Some answers in form fields may not show. Check them.",
        "Some answers in form fields may not show. Check them.",
    ),
    FindingKind.SCRIPTS: ("1 script was removed.", "{n} scripts were removed."),
    FindingKind.PROGRAMS: (
        "1 instruction to start a program was removed.",
        "{n} instructions to start a program were removed.",
    ),
    FindingKind.WEB_LINKS: (
        "1 link to a web page was removed. Its words stay.",
        "{n} links to web pages were removed. Their words stay.",
    ),
    FindingKind.OTHER_FILES: (
        "1 link to another file was removed.",
        "{n} links to other files were removed.",
    ),
    FindingKind.SENDING: (
        "1 instruction to send or fetch form answers was removed.",
        "{n} instructions to send or fetch form answers were removed.",
    ),
    FindingKind.EFFECTS: (
        "1 action of a button or page was removed.",
        "{n} actions of buttons or pages were removed.",
    ),
    FindingKind.MEDIA: ("1 film or sound was removed.", "{n} films or sounds were removed."),
    FindingKind.PORTFOLIO: (
        "The file is a portfolio. Only its cover is taken: choose the files in it one by one.",
        "The file is a portfolio. Only its cover is taken: choose the files in it one by one.",
    ),
    FindingKind.ATTACHMENTS: (
        "1 attached file was removed. Upload it on its own if it matters.",
        "{n} attached files were removed. Upload them on their own if they matter.",
    ),
    FindingKind.OUTSIDE_DATA: (
        "1 part kept outside the file was left out.",
        "{n} parts kept outside the file were left out.",
    ),
    FindingKind.FORM_PROGRAM: (
        "Adobe's form program was removed. Check that every answer shows.",
        "Adobe's form program was removed. Check that every answer shows.",
    ),
    FindingKind.SIGNATURES: (
        "The file was signed electronically. The copy is not.",
        "The file had {n} electronic signatures. The copy has none.",
    ),
    FindingKind.OLDER_VERSIONS: (
        "The file held an earlier version of itself. Only the last is kept.",
        "The file held {n} earlier versions of itself. Only the last is kept.",
    ),
    FindingKind.DETAILS: (
        "Hidden details (author, program, times) were removed.",
        "Hidden details (author, program, times) were removed.",
    ),
    FindingKind.UNUSED_DRAWINGS: (
        "1 drawing or picture that no page shows was removed.",
        "{n} drawings or pictures that no page shows were removed.",
    ),
    FindingKind.LOCK_REMOVED: (
        "The file was locked, by a password or against changes. The copy is not.",
        "The file was locked, by a password or against changes. The copy is not.",
    ),
    FindingKind.REPAIRED: (
        "The file was damaged and could be mended. Check every page.",
        "The file was damaged and could be mended. Check every page.",
    ),
    FindingKind.HIDDEN_LAYERS: (
        "1 hidden layer stays hidden, and is still in the file.",
        "{n} hidden layers stay hidden, and are still in the file.",
    ),
    FindingKind.NOT_LOOKED_THROUGH: (
        "1 page could not be searched for words that nobody sees.",
        "{n} pages could not be searched for words that nobody sees.",
    ),
    FindingKind.NO_TAGS: (
        "The file has no tags, so screen readers may read it poorly.",
        "The file has no tags, so screen readers may read it poorly.",
    ),
    FindingKind.TAGS_LOST: (
        "The file's tags were damaged and were dropped, so screen readers may read it poorly.",
        "The file's tags were damaged and were dropped, so screen readers may read it poorly.",
    ),
}


_INSTEAD = (
    "searches cannot read {it}. If {holds} words, choose the original Word file or a PDF with text "
    "instead."
)
_IN_PARTS = "Upload the file in parts, or choose the original Word file or a PDF with text instead."
_STAY = (
    "They stay in the copy, where searches and screen readers find them. If they should not be "
    "read, take them out of the original and choose it again."
)
_CUT = (
    "It stays in the copy, where it can be brought back. If it should not be seen, cut the "
    "picture itself and choose the file again."
)
_OTHER = "Print the paper to a new PDF and choose that, if both should be the same."
_LOCKED = (
    "cannot be looked into by the virus scanner: locked by a password, or of a kind that may be. "
    "Nothing of {it} is in the copy. To send {it} too, unlock {it} and upload {it}."
)
_OVER = "laid over {it} unseen, so that searches find them. They stay."
# Where it is known on which pages. "{pages}": their numbers in the file.
_WORDS_OF_PAGES: dict[FindingKind, tuple[str, str]] = {
    # Their numbers among the attached files, as the file lists them: by their names.
    FindingKind.LOCKED_ATTACHMENTS: (
        "Attached file {pages}, counted by name, " + _LOCKED.format(it="it"),
        "Attached files {pages}, counted by name, " + _LOCKED.format(it="them"),
    ),
    FindingKind.RECOGNISED: (
        "Page {pages} is a picture. Its words were recognised and may have mistakes: look at it.",
        "Pages {pages} are pictures; their words were recognised and may have mistakes: see them.",
    ),
    FindingKind.PAGES_NOT_REACHED: (
        "Page {pages} is a picture whose words were not recognised in time. " + _IN_PARTS,
        "Pages {pages} are pictures whose words were not recognised in time. " + _IN_PARTS,
    ),
    FindingKind.PICTURE_PAGES: (
        "Page {pages} is a picture, and no words were recognised on it: screen readers and "
        + _INSTEAD.format(it="it", holds="it holds"),
        "Pages {pages} are pictures, and no words were recognised on them: screen readers and "
        + _INSTEAD.format(it="them", holds="they hold"),
    ),
    FindingKind.OFF_PAGE_TEXT: (
        "Page {pages} has words outside its edges, which nobody sees there. " + _STAY,
        "Pages {pages} have words outside their edges, which nobody sees there. " + _STAY,
    ),
    FindingKind.CROPPED_PICTURES: (
        "On page {pages} part of a picture lies outside the edges. " + _CUT,
        "On pages {pages} parts of pictures lie outside the edges. " + _CUT,
    ),
    FindingKind.INVISIBLE_TEXT: (
        "Page {pages} holds words that nobody sees: covered, or in the colour behind them. "
        + _STAY,
        "Pages {pages} hold words that nobody sees: covered, or in the colour behind them. "
        + _STAY,
    ),
    FindingKind.TINY_TEXT: (
        "Page {pages} holds words too small to be read. " + _STAY,
        "Pages {pages} hold words too small to be read. " + _STAY,
    ),
    FindingKind.SCANNED_TEXT: (
        "Page {pages} is a scan with its words " + _OVER.format(it="it"),
        "Pages {pages} are scans with their words " + _OVER.format(it="them"),
    ),
    FindingKind.OTHER_WORDS: (
        "Page {pages} says other words to a screen reader or a search than it shows. " + _OTHER,
        "Pages {pages} say other words to a screen reader or a search than they show. " + _OTHER,
    ),
    FindingKind.NOT_LOOKED_THROUGH: (
        "Page {pages} could not be searched for words that nobody sees.",
        "Pages {pages} could not be searched for words that nobody sees.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One kind of thing found, and how often; `pages` (from 1) where it is told on which."""

    kind: FindingKind
    count: int
    pages: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """What was found and what became of it, as one plain sentence."""
        if self.pages:
            one, many = _WORDS_OF_PAGES[self.kind]
            return (one if self.count == 1 else many).format(pages=spans(self.pages))
        one, many = _WORDS[self.kind]
        return one if self.count == 1 else many.format(n=self.count)


def of_pages(kind: FindingKind, pages: Iterable[int]) -> Finding:
    """A kind that tells its pages."""
    numbers = tuple(sorted(pages))
    return Finding(kind, len(numbers), numbers)


def spans(pages: Iterable[int]) -> str:
    """In words: 3 to 5, 9 and 12."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    told = [
        word
        for run in runs
        for word in (
            [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run]
        )
    ]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def kept(findings: Iterable[Finding]) -> dict[str, int | list[int]]:
    """Kind -> count, or the pages where they are told: as a row keeps findings."""
    return {each.kind.value: list(each.pages) or each.count for each in findings}


def from_kept(told: Mapping[str, int | list[int]]) -> tuple[Finding, ...]:
    """Back from `kept`, in the order of the closed list; a kind no longer in it is left out."""
    found = []
    for kind in FindingKind:
        value = told.get(kind.value)
        if isinstance(value, list) and value and kind in _WORDS_OF_PAGES:
            found.append(of_pages(kind, value))
        elif isinstance(value, int) and value:
            found.append(Finding(kind, value))
    return tuple(found)


def findings_told(found: Mapping[str, int | list[int]]) -> list[str]:
    """What `kept` gives, as a line of the record holds it: a kind with its count, or its pages
    after a colon. No word of any paper."""
    return [
        f"{kind}: {' '.join(map(str, told))}" if isinstance(told, list) else f"{kind} {told}"
        for kind, told in sorted(found.items())
    ]


def from_told(lines: Iterable[object]) -> tuple[Finding, ...]:
    """Back from `findings_told`."""
    found: dict[str, int | list[int]] = {}
    for each in lines:
        kind, apart, rest = str(each).partition(" ")
        numbers = [int(number) for number in rest.split() if number.isdecimal()]
        if apart and numbers:
            found[kind.removesuffix(":")] = numbers if kind.endswith(":") else numbers[0]
    return from_kept(found)
