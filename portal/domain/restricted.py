"""Restricted cases: sealed to a key of their own, which only the holders who are named have."""

from __future__ import annotations

from enum import StrEnum

LEAST_HOLDERS = 2
"""Nobody is ever the only one who can open a restricted case."""


class Concern(StrEnum):
    """Why a case is restricted."""

    COLLEAGUE = "colleague"
    FAMILY = "family"
    TERRORISM = "terrorism"
