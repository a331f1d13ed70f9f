"""The judge's answer, and the words a refused person reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why not. NOT_THERE is what anything outside one's own reach looks like: the same answer as
    for something that does not exist."""

    NOT_THERE = "not_there"
    NOT_YOUR_ROLE = "not_your_role"
    SIGN_IN_AGAIN = "sign_in_again"
    READS_ONLY = "reads_only"
    ACCOUNT_CLOSED = "account_closed"
    NOT_YET = "not_yet"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    CANNOT_OPEN_YET = "cannot_open_yet"
    TIMES_UNREADABLE = "times_unreadable"
    STATEMENT_FIRST = "statement_first"
    READ_HERE_ONLY = "read_here_only"
    WINDOW_CLOSED = "window_closed"
    ALREADY_ANSWERED = "already_answered"
    WRONG_SERVICE = "wrong_service"
    OWN_REQUEST = "own_request"
    ALREADY_DECIDED = "already_decided"
    NOT_LOCKED = "not_locked"
    ALREADY_LOCKED = "already_locked"
    NOT_FILED = "not_filed"
    NOT_APPROVED = "not_approved"
    ALREADY_APPROVED = "already_approved"
    NOT_ONESELF = "not_oneself"
    CONFIRM_OVER = "confirm_over"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Verdict:
    """Allowed, or a reason why not. Truth value: allowed."""

    allowed: bool
    why: Why | None = None

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def no(why: Why) -> Verdict:
    """Refused, for this reason."""
    return Verdict(False, why)
