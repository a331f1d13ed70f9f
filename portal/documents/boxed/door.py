"""The child's way in and out: confine, read one message, do one task, answer, end."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pikepdf

from portal.documents.boxed import bindery as _loaded_before  # noqa: F401  # see _TASKS
from portal.documents.boxed import frames
from portal.documents.boxed.confine import confine
from portal.documents.boxed.verdict import RefusedError
from portal.domain import differences as _read_before  # noqa: F401  # confined, no child reads it

Answer = tuple[dict[str, object], list[bytes]]
Task = Callable[[Mapping[str, Any], Sequence[bytes]], Answer]

# Where each task is. What most of them need was loaded while this child waited for its task; what
# only one needs is loaded after the limits are set.
_TASKS: Final = {
    "sanitise": "sanitise",
    "attachments": "attachments",
    "office": "office",
    "ole": "ole",
    "unlock": "unlock",
    "unlock_doc": "unlock_doc",
    "unlock_odt": "unlock_odt",
    "pictures": "pictures",
    "bind": "bindery",
    "stamp": "stamping",
    "trace": "tracing",
    "leaf": "leaf",
    "draw": "draw",
    "find": "find",
    "occurrences": "occurrences",
    "extract": "extract",
    "remains": "remains",
    "headings": "headings",
    "markings": "markings",
    "look": "look",
    "scans": "scans",
    "lettering": "lettering",
    "changes": "changes",
}


def main() -> None:
    """Serve one request on standard input and output; exit 0 when there is an answer."""
    told = io.BufferedReader(io.FileIO(0, closefd=False))
    if not told.peek(1):
        os._exit(0)  # The portal ended before it had anything to do.
    # The header comes from the portal itself; what is foreign is taken after the limits are set.
    request, sizes = frames.read_header(told.read)
    limits: dict[str, int] = request["limits"]  # type: ignore[assignment]  # our own message
    confine(limits["memory"], limits["cpu_seconds"])
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=limits["content"],
        run_length_max_memory=limits["content"],
        png_max_memory=limits["content"],
        tiff_max_memory=limits["content"],
    )
    asked = {**request["asked"], **limits}  # type: ignore[dict-item]  # our own message
    try:
        blobs = frames.read_blobs(told.read, sizes)
        header, parts = _task(str(request["task"]))(asked, blobs)
    except RefusedError as refused:
        header, parts = {"refused": refused.code}, []
    except pikepdf.PasswordError:
        header, parts = {"refused": "wrong_password" if asked.get("password") else "password"}, []
    except (MemoryError, RecursionError):
        header, parts = {"refused": "too_heavy"}, []
    except (pikepdf.PdfError, pikepdf.DataDecodingError) as broken:
        header, parts = {"refused": _why(str(broken))}, []
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, ArithmeticError):
        # A shape this code did not foresee: the safe answer is no.
        header, parts = {"refused": "damaged"}, []
    for piece in frames.pack(header, parts):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    os._exit(0)  # Nothing of the file is worth tidying up, and no destructor may hang.


def _why(said: str) -> str:
    """What qpdf said, as a reason: a lock without a password is none that anybody could mend."""
    if "limit exceeded" in said:
        return "too_heavy"
    return "protected" if "unsupported encryption filter" in said else "damaged"


def _task(name: str) -> Task:
    found: Task = importlib.import_module(f"portal.documents.boxed.{_TASKS[name]}").task
    return found
