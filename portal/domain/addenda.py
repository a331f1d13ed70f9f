"""Addenda: papers that came in after a pack was sent, numbered between its pages (rule 21).

The pack does not change, and nobody's references move: what belongs after page 47 is 47a, 47b and
so on, after z comes aa.
"""

from __future__ import annotations

_LETTERS = 26


def letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa. Raises ValueError below 1."""
    if number < 1:
        raise ValueError("letters count from 1")
    found = ""
    while number:
        number, place = divmod(number - 1, _LETTERS)
        found = chr(ord("a") + place) + found
    return found


def label(page: int, number: int) -> str:
    """The `number`th page (from 1) after page `page` of the pack."""
    return f"{page}{letters(number)}"


def run(page: int, first: int, pages: int) -> str:
    """What `pages` pages are called together: '47a', or '47a to 47f'."""
    begins, ends = label(page, first), label(page, first + pages - 1)
    return begins if pages == 1 else f"{begins} to {ends}"
