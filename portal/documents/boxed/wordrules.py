"""What of a .docx becomes pages: the final text, and nothing from outside the file (ECMA-376)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from portal.documents.boxed.rewrite import Attributes, Rules, local
from portal.documents.boxed.verdict import RefusedError

MAIN: Final = "wordprocessingml.document.main+xml"
_NO: Final = frozenset({"0", "false", "off"})
# Part 1, 17.13.5: what was inserted stays, what was deleted goes, as if all were accepted.
_TAKEN: Final = frozenset({"ins", "moveTo"})
_CHANGES: Final = frozenset(
    {
        "del", "moveFrom", "cellIns", "cellDel", "cellMerge", "rPrChange", "pPrChange",
        "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange",
        "tblGridChange", "numberingChange"
    }
)  # fmt: skip
_TRACES: Final = frozenset(
    {
        "delText", "delInstrText", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
        "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
        "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart",
        "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
        "commentReference", "commentRangeStart", "commentRangeEnd", "annotationRef"
    }
)  # fmt: skip
_EMBEDDED: Final = frozenset(
    {"altChunk", "subDoc", "control", "OLEObject", "objectEmbed", "objectLink", "movie"}
)
_OUTSIDE: Final = frozenset({"attachedTemplate", "mailMerge", "frameset", "saveThroughXslt"})
# Fields that only look at the document itself. All others keep the words last seen in Word, so
# that a date stays what it was, and nothing is fetched.
_FIELDS: Final = frozenset(
    {
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "REF", "NOTEREF", "TOC", "TC",
        "INDEX", "XE", "TOA", "TA", "SEQ", "STYLEREF", "LISTNUM", "AUTONUM", "AUTONUMLGL",
        "AUTONUMOUT", "HYPERLINK", "SYMBOL", "EQ", "ADVANCE", "FORMTEXT", "FORMCHECKBOX",
        "FORMDROPDOWN"
    }
)  # fmt: skip
_FETCHING: Final = frozenset(
    {
        "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "DDE", "DDEAUTO", "LINK", "RD",
        "DATABASE", "CONTROL", "HTMLCONTROL", "EMBED"
    }
)  # fmt: skip
_SHOWN: Final = frozenset({"aFChunk", "subDocument"})
_DENIED_TARGETS: Final = frozenset(
    {
        "oleObject", "package", "control", "activeXControlBinary", "aFChunk", "subDocument",
        "attachedTemplate", "frame", "mailMergeSource", "mailMergeHeaderSource", "recipientData",
        "attachedToolbars", "keyMapCustomizations", "font", "externalLink", "transform",
        "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people"
    }
)  # fmt: skip


@dataclass
class _Run:
    style: str = ""
    words: bool = False
    judged: bool = False


class Body(Rules):
    """The text: document, headers, footers, notes, settings.

    `uses`: by the styles of paragraph and run, runs with words that do not say themselves whether
    they are hidden.
    """

    def __init__(self) -> None:
        """Start outside of every field."""
        super().__init__()
        self._fields: list[list[int]] = []
        self._judged: list[list[int]] = []
        self._instruction = False
        self._paragraphs: list[str] = []
        self._runs: list[_Run] = []
        self.uses: Counter[tuple[str, str]] = Counter()

    def element(self, name: str, attributes: Attributes) -> bool:
        """Keep the final text; drop comments, deletions, and what reaches outside."""
        if name in _TAKEN or name in _CHANGES:
            self.counts["tracked_changes"] += 1
            return name in _TAKEN
        if name in _TRACES:
            self.counts["word_comments"] += name == "commentReference"
            return False
        if name in _EMBEDDED or name in _OUTSIDE:
            self.counts["outside_parts"] += name in _OUTSIDE
            return False
        self._style(name, attributes)
        if name == "instrText":
            self._instruction = True
        elif name == "fldChar":
            self._field(value(attributes, "fldCharType"))
        elif name == "fldSimple":
            self._simple(attributes)
        elif name in ("blip", "imagedata"):
            _drop_links(attributes)
        return True

    def unwrap(self, name: str) -> bool:
        """What was inserted or moved to loses its mark and stays."""
        return name in _TAKEN

    def words(self, index: int) -> None:
        """Remember the pieces of the instruction of the innermost field."""
        if self._instruction and self._fields:
            self._fields[-1].append(index)

    def ended(self, name: str) -> None:
        """Leave a run or an instruction."""
        if name == "instrText":
            self._instruction = False
        elif name == "p" and self._paragraphs:
            self._paragraphs.pop()
        elif name == "r" and self._runs:
            run = self._runs.pop()
            if run.words and not run.judged:
                self.uses[self._paragraphs[-1] if self._paragraphs else "", run.style] += 1

    def finish(self, out: list[str]) -> None:
        """Blank each instruction that is not a safe one: what it last showed stays."""
        for pieces in [*self._judged, *self._fields]:
            verb = _verb("".join(out[piece] for piece in pieces))
            if verb not in _FIELDS:
                self.counts["outside_parts"] += verb in _FETCHING
                for piece in pieces:
                    out[piece] = ""

    def _style(self, name: str, attributes: Attributes) -> None:
        """Whether a run is hidden by its own word, or may be by the styles in `uses`."""
        if name == "p":
            self._paragraphs.append("")
        elif name == "r":
            self._runs.append(_Run())
        elif name == "pStyle" and self._paragraphs:
            self._paragraphs[-1] = value(attributes, "val")
        elif not self._runs:
            return
        elif name == "rStyle":
            self._runs[-1].style = value(attributes, "val")
        elif name == "t":
            self._runs[-1].words = True
        elif name == "vanish":
            self._runs[-1].judged = True
            self.counts["hidden_words"] += is_on(attributes)

    def _field(self, what: str) -> None:
        if what == "begin":
            self._fields.append([])
        elif what == "end" and self._fields:
            self._judged.append(self._fields.pop())

    def _simple(self, attributes: Attributes) -> None:
        for key, value in list(attributes.items()):
            if local(key) == "instr" and _verb(value) not in _FIELDS:
                self.counts["outside_parts"] += _verb(value) in _FETCHING
                attributes[key] = ""


class Relationships(Rules):
    """Where parts refer to parts: only to pictures and text inside the file.

    `shown`: other documents inside the file that Word shows in the place that names them.
    """

    def __init__(self) -> None:
        """Start with none."""
        super().__init__()
        self.shown: set[str] = set()

    def element(self, name: str, attributes: Attributes) -> bool:
        """Drop what leads out; a link a reader may click leads nowhere."""
        if name != "Relationship":
            return True
        kind = value(attributes, "Type").rpartition("/")[2]
        target = value(attributes, "Target").strip()
        external = value(attributes, "TargetMode").strip().lower() == "external"
        if kind == "hyperlink":
            if external:
                _set(attributes, "Target", "about:blank")
            return True
        if "vbaproject" in kind.lower():
            raise RefusedError("macros")
        if external or ":" in target or "\\" in target or target.startswith("//"):
            self.counts["outside_parts"] += 1
            return False
        if kind in _SHOWN:
            self.shown.add(target)
        return kind not in _DENIED_TARGETS


class ContentTypes(Rules):
    """What the parts say they are. `is_word`: the main one is a document of Word."""

    def __init__(self, dropped: frozenset[str]) -> None:
        """Leave out the parts that are dropped, so that no reader misses them."""
        super().__init__()
        self._dropped = dropped
        self.is_word = False
        self.is_template = False

    def element(self, name: str, attributes: Attributes) -> bool:
        """Look at each type. Raises RefusedError `macros`."""
        told = value(attributes, "ContentType")
        if "macroenabled" in told.lower() or "vba" in told.lower():
            raise RefusedError("macros")
        self.is_word |= told.endswith(MAIN) and name == "Override"
        self.is_template |= "wordprocessingml" in told
        return value(attributes, "PartName").lstrip("/") not in self._dropped


def value(attributes: Attributes, name: str) -> str:
    """What an attribute says, by its local name; empty where it is not there."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def _set(attributes: Attributes, name: str, value: str) -> None:
    for key in attributes:
        if local(key) == name:
            attributes[key] = value


def is_on(attributes: Attributes, name: str = "val", no: str = "true") -> bool:
    """Whether a switch is on (17.17.4); `no`: what it is where nothing is said."""
    return (value(attributes, name) or no or "0").lower() not in _NO


def _verb(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _drop_links(attributes: Attributes) -> None:
    for key in [key for key in attributes if local(key) in ("link", "href")]:
        del attributes[key]
