"""Letters: a notice as subject and plain text, written from exact fields and nothing else.

Who relies on it: whoever fills the outbox calls `check` in the same transaction, so that a bad
notice stops the deed; the job that sends calls `Writer.letter`. MAPPA rule 16, ASVS V1.3.11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from portal.domain.papers import MARKING
from portal.notices.fields import READERS, BadField
from portal.notices.kinds import FIELDS, Kind

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+'&=~-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESS = 254
_ONE_LINE = re.compile(r"[ -~]{1,120}")
CHECK_PATH = "/check"
NAMES_CHECK = frozenset({Kind.INVITED_TO_JOIN, Kind.INVITED_TO_MEETING})
"""Letters that tell where to check beforehand whether a computer will do."""
_TEXT = re.compile(r"[ -~\n]{1,4000}")


@dataclass(frozen=True)
class Letter:
    """One plain-text message to one person. It cannot hold a header break or an attachment.

    `id` is the outbox row's and the same at every try, so that receivers can drop doubles.
    `link` is the one address in the text, or empty; invitations also name the page on which a
    computer is checked, which is the same for everybody. `made_at` is aware, UTC.
    """

    id: str
    kind: Kind
    to: str
    subject: str
    text: str
    link: str
    made_at: datetime

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise BadField("id")
        if not is_address(self.to):
            raise BadField("to")
        if not _ONE_LINE.fullmatch(self.subject):
            raise BadField("subject")
        if not _TEXT.fullmatch(self.text):
            raise BadField("text")
        if self.made_at.tzinfo is None:
            raise BadField("made_at")


def is_address(address: str) -> bool:
    """Say whether this may stand in a mail header: plain ASCII, one @, no break of any kind."""
    return len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None


def check(kind: Kind, fields: Mapping[str, str]) -> dict[str, str]:
    """Return each field in words, or raise `BadField` unless they are exactly this kind's."""
    if frozenset(fields) != FIELDS[kind]:
        raise BadField(f"{kind.value} takes exactly: {' '.join(sorted(FIELDS[kind]))}")
    return {name: READERS[name](value) for name, value in fields.items()}


class Writer:
    """Writes letters from the texts in `folder` (one `<kind>.txt` each).

    `base_url` is the portal's configured origin; every link begins with it, whatever a request
    claimed its host to be. It is https, or http on this very machine.
    """

    def __init__(self, base_url: str, folder: Path) -> None:
        self._origin = _origin(base_url)
        self._texts = {kind: _read(folder / f"{kind.value}.txt", kind) for kind in Kind}

    def letter(
        self, kind: Kind, to: str, fields: Mapping[str, str], *, letter_id: str, made_at: datetime
    ) -> Letter:
        """Return the letter, or raise `BadField` if anything but the exact fields is given."""
        words = check(kind, fields)
        path = words.pop("path", None)
        link = self._origin + path if path is not None else ""
        subject, text = self._texts[kind]
        values = {**words, "marking": MARKING, **({"link": link} if link else {})}
        if kind in NAMES_CHECK:
            values["check"] = self._origin + CHECK_PATH
        return Letter(
            letter_id, kind, to, subject.substitute(values), text.substitute(values), link, made_at
        )


def _origin(base_url: str) -> str:
    parts = urlsplit(base_url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    plain = f"{parts.scheme}://{parts.netloc}"
    if (
        base_url.rstrip("/") != plain
        or not parts.hostname
        or "@" in parts.netloc
        or not _ONE_LINE.fullmatch(plain)
        or " " in plain
        or not (parts.scheme == "https" or (parts.scheme == "http" and local))
    ):
        raise ValueError("the portal's address is https://host, without a path")
    return plain


def _read(file: Path, kind: Kind) -> tuple[Template, Template]:
    """The text of one kind: its first line "Subject: ...", an empty line, then the body.

    It names exactly the fields of its kind, so that a text and its facts cannot drift apart.
    """
    first, _, text = file.read_text(encoding="ascii").partition("\n\n")
    if not first.startswith("Subject: ") or "\n" in first:
        raise ValueError(f"{file.name} does not begin with one subject line")
    subject, body = Template(first.removeprefix("Subject: ")), Template(text)
    for part in (subject, body):
        if not part.is_valid():
            raise ValueError(f"{file.name} holds a stray dollar sign")
    named = {*subject.get_identifiers(), *body.get_identifiers()}
    wanted = {"link" if name == "path" else name for name in FIELDS[kind]} | {"marking"}
    wanted |= {"check"} if kind in NAMES_CHECK else set()
    if named != wanted:
        raise ValueError(f"{file.name} must name exactly: {' '.join(sorted(wanted))}")
    return subject, body
