"""What this machine can do with papers, for its operator."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from portal.documents import recognise, sandbox
from portal.documents.boxed import cutoff
from portal.documents.convert import PROGRAM
from portal.documents.sandbox import SandboxMissing


@dataclass(frozen=True)
class State:
    """Whether something works, and in words what does, or what is missing."""

    ready: bool
    words: str


def conversion() -> State:
    """Whether Word files are taken: LibreOffice is here, and a sandbox can be made for it."""
    refused = "Word files are not taken"
    if shutil.which(PROGRAM) is None:
        return State(False, f"{refused}: LibreOffice is not installed")
    try:
        sandbox.probe()
    except SandboxMissing as missing:
        return State(False, f"{refused}: {missing}")
    return State(True, "Word files are converted in a sandbox")


def recognition() -> State:
    """Whether the words of scanned pages are recognised: tesseract is here, in a sandbox."""
    try:
        recognise.probe()
    except recognise.NoReader as missing:
        return State(False, f"Words on scanned pages are not recognised: {missing}")
    return State(True, "Words on scanned pages are recognised in a sandbox")


def cut_off() -> State:
    """Whether the processes that open foreign files have neither files nor a network."""
    if not cutoff.is_possible():
        words = "Foreign files are opened within limits, by a process that could read other files"
        return State(False, f"{words}: this kernel has no Landlock, or this machine is not known")
    return State(True, "Foreign files are opened by a process without files and network")
