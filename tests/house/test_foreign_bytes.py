"""What reads foreign bytes is loaded by the limited child alone: PDFium is not safe in threads, and
a parser that is tricked must not stand where the keys are."""

from __future__ import annotations

import subprocess
import sys

from tests.house.source import PORTAL, imports, modules

PARSERS = ("pikepdf", "pypdfium2", "PIL", "lxml")
BOXED = "portal/documents/boxed/"
OF_OUR_OWN = {"portal/documents/sample.py": {"pikepdf"}}
"""What only ever opens a file that the portal has just made itself."""


def test_no_parser_is_imported_outside_the_child() -> None:
    found = {
        (path, parser)
        for path, tree in modules(PORTAL)
        if not path.startswith(BOXED)
        for parser in PARSERS
        if any(name.split(".")[0] == parser for name in imports(tree))
        and parser not in OF_OUR_OWN.get(path, set())
    }
    assert found == set()


def test_the_server_does_not_load_pdfium() -> None:
    """Neither directly nor by way of anything else."""
    program = "import sys, portal.wiring, portal.web.app; print('pypdfium2' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
