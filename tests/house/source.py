"""The repository's own files, as the house tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is in the repository, or would be if all were added."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def relative(path: Path) -> str:
    """A file's path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def modules(folder: Path = PORTAL) -> Iterator[tuple[str, ast.Module]]:
    """Every Python module of the product under a folder: its path, and its syntax tree."""
    for path in sorted(folder.rglob("*.py")):
        yield relative(path), ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """The full names a module imports, also inside functions and for types only."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
