"""The gate before a Word file becomes pages: what passes is a new archive, made of known parts."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.documents.boxed import odtrules, wordrules, wordstyles
from portal.documents.boxed.archive import Archive, Bounds, pack
from portal.documents.boxed.odtlocks import MANIFEST, is_locked
from portal.documents.boxed.rewrite import Rules, rewrite
from portal.documents.boxed.verdict import RefusedError

_TYPES: Final = "[Content_Types].xml"
_MIMETYPE: Final = "mimetype"
_OPEN_TEXT: Final = b"application/vnd.oasis.opendocument.text"
_OPEN: Final = b"application/vnd.oasis.opendocument"
_PICTURES: Final = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*",
    b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00",
)  # fmt: skip
# Parts of an .odt with nothing of the text in them.
_NOT_TEXT: Final = ("Thumbnails/", "Configurations2/", "META-INF/", "Dialogs/", "Fonts/")
_PROGRAMS: Final = ("Basic/", "Scripts/")
_LISTS: Final = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Answer with the kind, counts of what was found, and the new archive; with "locked_odt" alone
    for one that `unlock_odt` opens.

    Raises RefusedError: before anything is unpacked for what the directory shows; `too_heavy`,
    `hostile`, `locked`, `macros`, `word_file` and `office_file` for what is not taken; `damaged`.
    """
    bounds = Bounds(
        int(asked["unpacked"]), int(asked["part"]), int(asked["entries"]), int(asked["ratio"])
    )
    archive = Archive(blobs[0], bounds)
    if _TYPES in archive.names:
        kind, (counts, parts) = "docx", _word(archive)
    elif _MIMETYPE in archive.names:
        _refuse_programs(archive)
        if MANIFEST in archive.names and is_locked(archive.part(MANIFEST)):
            return {"kind": "locked_odt", "findings": {}}, []
        kind, (counts, parts) = "odt", _open_text(archive)
    else:
        raise RefusedError("office_file")
    return {"kind": kind, "findings": dict(+counts)}, [pack(parts)]


def _word(archive: Archive) -> tuple[Counter[str], list[tuple[str, bytes]]]:
    if any("vbaproject" in name.lower() for name in archive.names):
        raise RefusedError("macros")
    counts: Counter[str] = Counter()
    parts: list[tuple[str, bytes]] = []
    types = b""
    styles, uses = wordstyles.Styles(), Counter[tuple[str, str]]()
    embedded = set[str]()
    for name, body in archive.parts():
        if name == _TYPES:
            types = body
        elif name.endswith(".rels"):
            told = wordrules.Relationships()
            parts.append((name, _by(told, body, counts)))
            embedded |= {_within(name, target) for target in told.shown} & archive.names
        elif _is_comments(name):
            continue
        elif name.endswith(".xml"):
            rules = styles if name == wordstyles.PART else _rules(name)
            parts.append((name, _by(rules, body, counts)))
            uses += rules.uses if isinstance(rules, wordrules.Body) else Counter()
        elif _is_picture(body):
            parts.append((name, body))
        elif not name.endswith((".odttf", ".svg")):
            embedded.add(name)
    parts = [(name, body) for name, body in parts if name not in embedded]
    counts["embedded_files"] += len(embedded)
    counts["hidden_words"] += styles.hidden(uses)
    listed = wordrules.ContentTypes(_gone(archive, parts))
    parts.insert(0, (_TYPES, _by(listed, types, counts)))
    if not listed.is_word:
        raise RefusedError("word_file" if listed.is_template else "office_file")
    return counts, parts


def _open_text(archive: Archive) -> tuple[Counter[str], list[tuple[str, bytes]]]:
    counts: Counter[str] = Counter()
    parts: list[tuple[str, bytes]] = []
    manifest = told = b""
    for name, body in archive.parts():
        if name == _MIMETYPE:
            told = body.strip()
        elif name == MANIFEST:
            manifest = body
        elif name.startswith((*_NOT_TEXT, *_PROGRAMS)):
            continue
        elif name.endswith((".xml", ".rdf")):
            parts.append((name, _by(odtrules.Body(), body, counts)))
        elif _is_picture(body) or name.startswith("ObjectReplacements/"):
            parts.append((name, body))
        elif not name.endswith(".svg"):
            counts["embedded_files"] += 1
    if told != _OPEN_TEXT:
        is_text = told.startswith(_OPEN_TEXT)
        raise RefusedError("word_file" if is_text else "office_file")
    listed = _by(odtrules.Manifest(_gone(archive, parts)), manifest, counts)
    return counts, [(_MIMETYPE, _OPEN_TEXT), (MANIFEST, listed), *parts]


def _refuse_programs(archive: Archive) -> None:
    for name in archive.names:
        if name.startswith(_PROGRAMS) and not name.endswith(_LISTS):
            raise RefusedError("macros")


def _by(rules: Rules, body: bytes, counts: Counter[str]) -> bytes:
    written = rewrite(body, rules)
    counts += rules.counts
    return written


def _gone(archive: Archive, parts: list[tuple[str, bytes]]) -> frozenset[str]:
    return archive.names - {name for name, _ in parts} - {_TYPES, _MIMETYPE, MANIFEST}


def _rules(name: str) -> Rules:
    return wordrules.Body() if name.startswith("word/") else Rules()


def _within(relationships: str, target: str) -> str:
    """The name of the part that is told relative to where the relationships belong."""
    folder = relationships.partition("_rels/")[0]
    return posixpath.normpath(target if target.startswith("/") else f"/{folder}{target}").lstrip(
        "/"
    )


def _is_comments(name: str) -> bool:
    """Comments and what belongs to them: people, replies, times."""
    last = name.rpartition("/")[2]
    return name.endswith(".xml") and (last.startswith("comments") or last == "people.xml")


def _is_picture(body: bytes) -> bool:
    return body.startswith(_PICTURES) or body[40:44] == b" EMF"
