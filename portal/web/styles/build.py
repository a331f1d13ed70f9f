"""Builds what browsers and the typesetter are given out of the fetched npm packages.

`python portal/web/styles/build.py` in a checkout, after `npm ci`, writes

- `portal/web/static/built/<digest>/`: the style sheet, the scripts and the icon. The folder is
  named by the SHA-256 of its content, so that browsers may keep a file for ever;
- `portal/web/static/built/current`: the name of that folder;
- `build/fonts/`: the fonts of typeset papers.

All of it is third-party work or derived from it: ignored by git, shipped in the wheel.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "node_modules"
WEB = ROOT / "portal" / "web"
BUILT = WEB / "static" / "built"
FONTS = ROOT / "build" / "fonts"

# People's names come in any script. SC has Chinese and Japanese letters, KR Korean ones, and plain
# Noto Sans Cyrillic, Devanagari and Greek.
FAMILIES = (
    "Sans Adlam", "Sans Arabic", "Sans Armenian", "Sans Balinese", "Sans Bengali",
    "Sans Canadian Aboriginal", "Sans Chakma", "Sans Cham", "Sans Cherokee", "Sans Ethiopic",
    "Sans Georgian", "Sans Gujarati", "Sans Gurmukhi", "Sans Hanifi Rohingya", "Sans Hebrew",
    "Sans Javanese", "Sans Kannada", "Sans Khmer", "Sans KR", "Sans Lao", "Sans Lisu",
    "Sans Malayalam", "Sans Meetei Mayek", "Sans Mongolian", "Sans Myanmar", "Sans NKo",
    "Sans Ol Chiki", "Sans Oriya", "Sans Osage", "Sans SC", "Sans Sinhala", "Sans Syloti Nagri",
    "Sans Syriac", "Sans Tai Viet", "Sans Tamil", "Sans Telugu", "Sans Thaana", "Sans Thai",
    "Sans Tifinagh", "Sans Vai", "Sans Yi", "Serif Tibetan",
)  # fmt: skip
# Where each family is, and how its files are named.
SCRIPTS = {
    f"@expo-google-fonts/noto-{family.lower().replace(' ', '-')}": f"Noto{family.replace(' ', '')}"
    for family in FAMILIES
}
FONT_FILES = (
    *(f"dejavu-fonts-ttf/ttf/DejaVuSans{cut}.ttf" for cut in ("", "-Bold", "-Oblique", "Mono")),
    *(
        f"@expo-google-fonts/noto-sans/{cut}/NotoSans_{cut}.ttf"
        for cut in ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic")
    ),
    *(f"{package}/400Regular/{name}_400Regular.ttf" for package, name in SCRIPTS.items()),
)
FONT_LICENCES = {
    "dejavu-fonts-ttf/LICENSE": "LICENSE-DejaVu",
    "@expo-google-fonts/noto-sans/LICENSE_FONT": "LICENSE-NotoSans",
    **{f"{package}/LICENSE_FONT": f"LICENSE-{name}" for package, name in SCRIPTS.items()},
}


def build_site(node: str) -> str:
    """Compile and gather what browsers are served; return the name of the folder.

    Raises subprocess.CalledProcessError if Sass refuses a style sheet, OSError if a package is
    missing.
    """
    fresh = BUILT / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    sass = [node, str(PACKAGES / "sass" / "sass.js"), "--style=compressed", "--no-source-map"]
    source = WEB / "styles" / "portal.scss"
    subprocess.run(
        [*sass, "--quiet-deps", f"--load-path={ROOT}", str(source), str(fresh / "portal.css")],
        check=True,
    )
    govuk = PACKAGES / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
    script = govuk.read_text("utf-8")
    (fresh / govuk.name).write_text(script.split("//# sourceMappingURL=")[0], "utf-8")
    for own in (*sorted((WEB / "scripts").glob("*.js")), WEB / "styles" / "icon.svg"):
        shutil.copyfile(own, fresh / own.name)
    name = _digest(fresh)
    if not (BUILT / name).exists():
        fresh.rename(BUILT / name)
    (BUILT / "current").write_text(name, "ascii")
    for folder in BUILT.iterdir():
        if folder.is_dir() and folder.name != name:
            shutil.rmtree(folder)
    return name


def gather_fonts() -> None:
    """Copy the fonts of typeset papers, with their licences, to `build/fonts/`."""
    shutil.rmtree(FONTS, ignore_errors=True)
    FONTS.mkdir(parents=True)
    for font in FONT_FILES:
        shutil.copyfile(PACKAGES / font, FONTS / Path(font).name)
    for licence, name in FONT_LICENCES.items():
        shutil.copyfile(PACKAGES / licence, FONTS / name)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def main() -> None:
    """Build everything, with the `node` beside this Python if there is one."""
    beside = Path(sys.executable).parent / "node"
    node = str(beside) if beside.exists() else shutil.which("node")
    if node is None:
        sys.exit("There is no node beside this Python: run `make setup`.")
    build_site(node)
    gather_fonts()


if __name__ == "__main__":
    main()
