"""A room without a network, without our files and without a way out, for one foreign program.

Made by bubblewrap: new namespaces of every kind, the system read-only, and memory instead of
disks. What goes in and out passes through memory too, so nothing in the clear touches a disk.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from portal.documents import pump
from portal.documents.limits import MIB, Limits

TOOLS: Final = ("bwrap", "prlimit")
_FILES: Final = 512
_ROOMY: Final = 4  # the memory disk holds what came in, what goes out, and what is between
_SYSTEM: Final = ("/etc/fonts", "/etc/libreoffice", "/etc/alternatives", "/etc/ld.so.cache")
_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "HOME": "/tmp/home", "LANG": "C.UTF-8"}  # noqa: S108  # inside, where /tmp is memory
_PROBE: Final = 10.0  # seconds
NOTHING: Final[Mapping[str, Path]] = MappingProxyType({})


class SandboxMissing(Exception):
    """No sandbox can be made on this machine; nothing foreign is run. The message says why."""


@dataclass(frozen=True)
class Done:
    """How the program ended, and what it wrote to its standard output."""

    code: int
    output: bytes


def run(
    program: Sequence[str],
    files: Mapping[str, bytes],
    limits: Limits,
    folders: Mapping[str, Path] = NOTHING,
) -> Done:
    """Run `program` with `files` (absolute path inside -> bytes) under limits, and with `folders`
    (absolute path inside -> ours), which it can only read.

    Memory, processor time, size and number of files are bounded, and no core is written. The
    folders /tmp/home and /tmp/out are there. Raises SandboxMissing, pump.OverTime or
    pump.OverSize; then nothing of it runs any more.
    """
    tools = [shutil.which(tool) for tool in TOOLS]
    for name, found in zip(TOOLS, tools, strict=True):
        if found is None:
            raise SandboxMissing(f"{name} is not installed")
    with _in_memory(files.values()) as handles:
        walls = [str(tools[0]), *_walls(limits), *_shown(folders), *_inputs(files, handles), "--"]
        return _finish([*walls, *_bounds(limits), "--", *program], handles, limits)


def probe() -> None:
    """Make an empty sandbox. Raises SandboxMissing with what the system said."""
    try:
        done = run(["sh", "-c", "echo ready"], {}, replace(Limits(), convert_seconds=_PROBE))
    except pump.OverTime as late:
        raise SandboxMissing("the sandbox did not start in time") from late
    if done.output != b"ready\n":
        raise SandboxMissing("the system lets nobody make a sandbox here")


def _walls(limits: Limits) -> list[str]:
    command = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--clearenv"]
    for name, value in _ENVIRONMENT.items():
        command += ["--setenv", name, value]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib64", "sbin"):
        command += ["--symlink", f"usr/{name}", f"/{name}"]
    for place in _SYSTEM:
        command += ["--ro-bind-try", place, place]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(limits.answer * _ROOMY)]
    command += ["--tmpfs", "/tmp", "--dir", "/tmp/home", "--dir", "/tmp/out"]  # noqa: S108  # inside
    return [*command, "--chdir", "/tmp", "--remount-ro", "/"]  # noqa: S108  # inside


def _shown(folders: Mapping[str, Path]) -> list[str]:
    command: list[str] = []
    for place, folder in folders.items():
        command += ["--ro-bind", str(folder), place]
    return command


def _inputs(files: Mapping[str, bytes], handles: Sequence[int]) -> list[str]:
    command: list[str] = []
    for place, handle in zip(files, handles, strict=True):
        command += ["--file", str(handle), place]
    return command


def _bounds(limits: Limits) -> list[str]:
    return [
        "prlimit",
        f"--as={limits.convert_memory}",
        f"--cpu={max(1, int(limits.convert_seconds))}",
        f"--fsize={limits.answer}",
        f"--nofile={_FILES}",
        "--core=0",
    ]


@contextlib.contextmanager
def _in_memory(bodies: Iterable[bytes]) -> Iterator[list[int]]:
    handles: list[int] = []
    try:
        for body in bodies:
            handle = os.memfd_create("paper")
            handles.append(handle)
            left = memoryview(body)
            while left:
                left = left[os.write(handle, left[:MIB]) :]
            os.lseek(handle, 0, os.SEEK_SET)
        yield handles
    finally:
        for handle in handles:
            os.close(handle)


def _finish(command: Sequence[str], handles: Sequence[int], limits: Limits) -> Done:
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=handles,
            env={},
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
    except OSError as unable:
        raise SandboxMissing("bwrap could not be started") from unable
    code, output = pump.exchange(child, (), limits.convert_seconds, limits.answer)
    return Done(code, b"".join(output))
