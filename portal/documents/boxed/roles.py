"""Gives the elements of an extract's tags the standard kinds that their own stand for.

A file may call its kinds what it likes, as a word processor calls its styles, and say which
standard kind each is (ISO 32000-1, 14.7.3). Such names belong to no page: one that is also a word
that was taken out would stay in the file whatever becomes of its pages. A reader needs the standard
kind only.
"""

from __future__ import annotations

from typing import Final

from pikepdf import Dictionary, Name, Object

from portal.documents.boxed import spoken

_KINDS: Final = """
Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6
L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot
Ruby RB RT RP Warichu WT WP Figure Formula Form
"""
_STANDARD: Final = frozenset(f"/{kind}" for kind in _KINDS.split())
_STEPS: Final = 20  # from one name to the next


def settle(root: Object) -> None:
    """Do it to the tree of `root`. A kind that stands for none is one that means nothing."""
    roles = root.get("/RoleMap")
    for element in spoken.elements(root):
        kind = str(element.get("/S", ""))
        for _ in range(_STEPS):
            if kind in _STANDARD:
                break
            kind = str(roles.get(kind, "")) if isinstance(roles, Dictionary) and kind else ""
        element.S = Name(kind if kind in _STANDARD else "/NonStruct")
    root.RoleMap = Dictionary()
