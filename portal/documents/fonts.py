"""Where the fonts of our own pages are. They are fetched at set-up and never committed."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import typst

_PORTAL = Path(__file__).resolve().parents[1]
_PACKAGES = _PORTAL.parent / "node_modules"


class FontsMissingError(RuntimeError):
    """No folder holds the fonts that set-up fetches."""


def _places() -> list[list[Path]]:
    """Folders to look in, best first; each answer is used whole or not at all."""
    told = os.environ.get("PORTAL_FONTS")
    google = _PACKAGES / "@expo-google-fonts"
    noto = google / "noto-sans"
    scripts = sorted(path / "400Regular" for path in google.glob("noto-s*-*"))
    return [
        *([[Path(told)]] if told else []),
        [_PORTAL.parent / "build" / "fonts"],
        [_PORTAL / "fonts"],
        [_PACKAGES / "dejavu-fonts-ttf" / "ttf", noto / "400Regular", noto / "700Bold", *scripts],
    ]


def folders() -> list[Path]:
    """The folders that hold our fonts.

    Looked for in the folder PORTAL_FONTS names, `build/fonts` of a checkout, the installed
    package, and what npm fetched. Raises FontsMissingError when none holds a font.
    """
    for found in _places():
        if all(folder.is_dir() and any(folder.rglob("*.ttf")) for folder in found):
            return found
    raise FontsMissingError("The fonts for printed pages are not here. Run: make setup")


@functools.cache
def fonts() -> typst.Fonts:
    """The fonts for typesetting, loaded once per process; never those of the machine.

    Raises FontsMissingError.
    """
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders()],
    )
