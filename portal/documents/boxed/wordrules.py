"""What of a .docx becomes pages: the final text, and nothing from outside the file (ECMA-376)."""

from __future__ import annotations

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
_DENIED_TARGETS: Final = frozenset(
    {
        "oleObject", "package", "control", "activeXControlBinary", "aFChunk", "subDocument",
        "attachedTemplate", "frame", "mailMergeSource", "mailMergeHeaderSource", "recipientData",
        "attachedToolbars", "keyMapCustomizations", "font", "externalLink", "transform",
        "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people"
    }
)  # fmt: skip


class Body(Rules):
    """The text: document, headers, footers, notes, settings."""

    def __init__(self) -> None:
        """Start outside of every field."""
        super().__init__()
        self._fields: list[list[int]] = []
        self._judged: list[list[int]] = []
        self._instruction = False
        self._in_run = False

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
        if name == "vanish" and self._in_run and _on(attributes):
            self.counts["hidden_words"] += 1
        elif name == "r":
            self._in_run = True
        elif name == "instrText":
            self._instruction = True
        elif name == "fldChar":
            self._field(_value(attributes, "fldCharType"))
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
        elif name == "r":
            self._in_run = False

    def finish(self, out: list[str]) -> None:
        """Blank each instruction that is not a safe one: what it last showed stays."""
        for pieces in [*self._judged, *self._fields]:
            verb = _verb("".join(out[piece] for piece in pieces))
            if verb not in _FIELDS:
                self.counts["outside_parts"] += verb in _FETCHING
                for piece in pieces:
                    out[piece] = ""

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
    """Where parts refer to parts: only to pictures and text inside the file."""

    def element(self, name: str, attributes: Attributes) -> bool:
        """Drop what leads out; a link a reader may click leads nowhere."""
        if name != "Relationship":
            return True
        kind = _value(attributes, "Type").rpartition("/")[2]
        target = _value(attributes, "Target").strip()
        external = _value(attributes, "TargetMode").strip().lower() == "external"
        if kind == "hyperlink":
            if external:
                _set(attributes, "Target", "about:blank")
            return True
        if "vbaproject" in kind.lower():
            raise RefusedError("macros")
        if external or ":" in target or "\\" in target or target.startswith("//"):
            self.counts["outside_parts"] += 1
            return False
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
        told = _value(attributes, "ContentType")
        if "macroenabled" in told.lower() or "vba" in told.lower():
            raise RefusedError("macros")
        self.is_word |= told.endswith(MAIN) and name == "Override"
        self.is_template |= "wordprocessingml" in told
        return _value(attributes, "PartName").lstrip("/") not in self._dropped


def _value(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if local(key) == name), "")


def _set(attributes: Attributes, name: str, value: str) -> None:
    for key in attributes:
        if local(key) == name:
            attributes[key] = value


def _on(attributes: Attributes) -> bool:
    return _value(attributes, "val").lower() not in _NO


def _verb(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _drop_links(attributes: Attributes) -> None:
    for key in [key for key in attributes if local(key) in ("link", "href")]:
        del attributes[key]
