"""What was found in a paper beyond its pages, in words its sender can check."""

from __future__ import annotations

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
    PICTURE_PAGES = "picture_pages"
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
    ATTACHMENTS = "attachments"
    OUTSIDE_DATA = "outside_data"
    FORM_PROGRAM = "form_program"
    SIGNATURES = "signatures"
    OLDER_VERSIONS = "older_versions"
    DETAILS = "details"
    LOCK_REMOVED = "lock_removed"
    REPAIRED = "repaired"
    HIDDEN_LAYERS = "hidden_layers"
    OFF_PAGE_TEXT = "off_page_text"
    INVISIBLE_TEXT = "invisible_text"
    NOT_LOOKED_THROUGH = "not_looked_through"
    NO_TAGS = "no_tags"
    TAGS_LOST = "tags_lost"


# One, many: "{n}" is the count.
_WORDS: dict[FindingKind, tuple[str, str]] = {
    FindingKind.FROM_WORD: (
        "The pages were made from a Word file. Check that every page looks as it does in Word.",
        "The pages were made from a Word file. Check that every page looks as it does in Word.",
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
    FindingKind.PICTURE_PLACE: (
        "The place where the picture was taken stood in the file. It was removed.",
        "The place where the picture was taken stood in the file. It was removed.",
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
    FindingKind.LOCK_REMOVED: (
        "The file was locked against changes. The copy is not.",
        "The file was locked against changes. The copy is not.",
    ),
    FindingKind.REPAIRED: (
        "The file was damaged and could be mended. Check every page.",
        "The file was damaged and could be mended. Check every page.",
    ),
    FindingKind.HIDDEN_LAYERS: (
        "1 hidden layer stays hidden, and is still in the file.",
        "{n} hidden layers stay hidden, and are still in the file.",
    ),
    FindingKind.OFF_PAGE_TEXT: (
        "Text outside the page edges was found on 1 page.",
        "Text outside the page edges was found on {n} pages.",
    ),
    FindingKind.INVISIBLE_TEXT: (
        "Invisible text (often from scanning) was found on 1 page.",
        "Invisible text (often from scanning) was found on {n} pages.",
    ),
    FindingKind.NOT_LOOKED_THROUGH: (
        "1 page was too full to be searched for hidden text.",
        "{n} pages were too full to be searched for hidden text.",
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


@dataclass(frozen=True)
class Finding:
    """One kind of thing found, and how often."""

    kind: FindingKind
    count: int

    @property
    def words(self) -> str:
        """What was found and what became of it, as one plain sentence."""
        one, many = _WORDS[self.kind]
        return one if self.count == 1 else many.format(n=self.count)
