"""A pasted list of people who are to join, read row by row and looked through before anything goes.

A row is name, e-mail, agency, job, phone, roles, separated by tabs, semicolons or commas; a first
row that names the columns is passed over. Which of them it is, the list itself says: that by which
most lines have six columns. Cells are as a spreadsheet copies them: broken lines within a cell,
hard spaces and empty columns at the end mean nothing. What is found is told beside its row: nothing
is guessed and nothing is left out, because a letter to a wrong address cannot be called back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from portal.domain.people import Role

COLUMNS = ("name", "email", "agency", "job", "phone", "roles")
HEADS = frozenset({"email", "e-mail", "email address", "e-mail address"})
MOST_ROWS = 100
LONGEST_LIST = 40_000
CLOSE = 0.75
"""How alike two domains are (difflib's ratio) to be taken for one mistyped."""

WORDS: Mapping[str, Role] = {
    "attends": Role.ATTENDEE,
    "attendee": Role.ATTENDEE,
    "attends meetings": Role.ATTENDEE,
    "contact": Role.CONTACT,
    "reports": Role.CONTACT,
    "spoc": Role.SPOC,
    "chair": Role.CHAIR,
    "lay adviser": Role.LAY_ADVISER,
}
"""The words for roles that a list may give. Roles of the unit and of those who watch are given one
by one, by a co-ordinator (rule 14)."""


class Fault(StrEnum):
    """What is wrong with a row. All but FOREIGN_DOMAIN keep the whole list from being sent."""

    COLUMNS = "columns"
    FORMULA = "formula"
    NAME = "name"
    ADDRESS = "address"
    MISTYPED_DOMAIN = "mistyped_domain"
    FOREIGN_DOMAIN = "foreign_domain"
    AGENCY = "agency"
    JOB = "job"
    PHONE = "phone"
    ROLES = "roles"
    KNOWN = "known"
    MAILBOX = "mailbox"
    TWICE = "twice"


BARS = frozenset(Fault) - {Fault.FOREIGN_DOMAIN}


@dataclass(frozen=True)
class Row:
    """One line as it was typed; `number` counts from 1. `whole`: it had the six columns."""

    number: int
    name: str
    email: str
    agency: str
    job: str
    phone: str
    roles: str
    whole: bool = True


@dataclass(frozen=True)
class Finding:
    """A fault, with what was meant instead where that can be told."""

    fault: Fault
    instead: str = ""


def rows(text: str) -> list[Row]:
    """The rows of a pasted list or of the text of a CSV file. Raises nothing: a line that is no
    row of six columns is a row with a fault."""
    lines = [f"{line}\n" for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    found: list[Row] = []
    for trimmed in _table(lines):
        if not found and any(cell.casefold() in HEADS for cell in trimmed):
            continue
        whole = len(trimmed) == len(COLUMNS)
        name, email, agency, job, phone, roles = (trimmed + [""] * len(COLUMNS))[: len(COLUMNS)]
        found.append(Row(len(found) + 1, name, email, agency, job, phone, roles, whole))
    return found


def _table(lines: list[str]) -> list[list[str]]:
    """The cells of each row, by the mark that makes most rows whole; of several, by the first that
    stands in the first line."""
    marks = sorted("\t;,", key=lambda mark: not lines or mark not in lines[0])
    tables = [_cells(lines, mark) for mark in marks]
    return max(tables, key=lambda table: sum(len(cells) == len(COLUMNS) for cells in table))


def _cells(lines: list[str], mark: str) -> list[list[str]]:
    try:
        read = list(csv.reader(lines, delimiter=mark, skipinitialspace=True))
    except csv.Error:
        read = [[line] for line in lines]
    return [_trimmed(cells) for cells in read]


def _trimmed(cells: list[str]) -> list[str]:
    found = [" ".join(cell.split()) for cell in cells]
    while len(found) > len(COLUMNS) and not found[-1]:
        found.pop()
    return found


def is_formula(row: Row) -> bool:
    """Whether a cell is what a spreadsheet would compute, or could not: `=A2`, `#REF!`. It is no
    text of anybody's, and would be computed again in the next spreadsheet."""
    texts = (row.name, row.email, row.agency, row.job, row.roles)
    return any(text[:1] in tuple("=@+-#") for text in texts) or row.phone[:1] in tuple("=@#")


def phone_meant(typed: str) -> str | None:
    """The number that a spreadsheet spoilt, where that can be told: it drops the first nought, and
    writes long numbers shorter. None where nothing is seen of that; empty where it is lost."""
    if re.fullmatch(r"\d(?:[.,]\d+)?E\+?\d+", typed, re.IGNORECASE):
        return ""
    return f"0{typed}" if re.fullmatch(r"[1-9](?: ?\d){9}", typed) else None


def roles_of(typed: str) -> frozenset[Role]:
    """The roles a row gives, words separated by `+`, `/` or `and`; empty for any word unknown."""
    parts = typed.casefold().replace("+", "/").replace(" and ", "/").split("/")
    words = [part.strip() for part in parts if part.strip()]
    if not words or any(word not in WORDS for word in words):
        return frozenset()
    found = frozenset(WORDS[word] for word in words)
    return frozenset() if Role.LAY_ADVISER in found and len(found) > 1 else found


def domain_of(email: str) -> str:
    """What stands after the @, in lower case."""
    return email.rpartition("@")[2].casefold()


def domain_finding(email: str, used: Collection[str]) -> Finding | None:
    """Compare the domain with those the agency's people have: close to one is taken as mistyped,
    another as foreign. With nobody to compare with, every domain is foreign."""
    found = domain_of(email)
    if found in used:
        return None
    close = get_close_matches(found, sorted(used), n=1, cutoff=CLOSE)
    return Finding(Fault.MISTYPED_DOMAIN, close[0]) if close else Finding(Fault.FOREIGN_DOMAIN)


def agency_meant(typed: str, names: Iterable[str]) -> str:
    """The agency's name as it is recorded; else empty."""
    return next((name for name in names if name.casefold() == typed.casefold()), "")


def closest(typed: str, names: Iterable[str]) -> str:
    """The recorded name that is most like what was typed; empty for none."""
    known = {name.casefold(): name for name in names}
    found = get_close_matches(typed.casefold(), sorted(known), n=1, cutoff=0.6)
    return known[found[0]] if found else ""
