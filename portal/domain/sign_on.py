"""How far an agency's single sign-on has come."""

from __future__ import annotations

from enum import StrEnum


class ProviderState(StrEnum):
    """On trial until a trial sign-in has passed and somebody has opened it."""

    TRIAL = "trial"
    OPEN = "open"
    CLOSED = "closed"
