"""Takes files, network and other programs away from a child, so that foreign bytes that take it
over find nothing to read and nowhere to send it.

Landlock (Linux 5.13 or later) lets it read only folders that hold programs and fonts, write
nowhere, and from Linux 6.7 bind and connect nothing over TCP. A seccomp filter refuses to make a
socket, to start a program, to empty a file or change its mode, and to look into, signal or limit
another process. Both need no privilege, hold for the thread that asks and all that comes of it, and
cannot be undone. See landlock(7), seccomp(2).
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

# Landlock: its calls have the same numbers everywhere.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION: Final = 1  # a flag of _CREATE: say which version the kernel has
_BENEATH: Final = 1  # a kind of rule
_READ: Final = 1 << 2 | 1 << 3  # files, folders
_FILES: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP: Final = {4: 0b11}
_SCOPES: Final = {6: 0b11}  # abstract sockets and signals outside

# Where programs, their libraries and fonts lie, and what qpdf draws from before it opens a lock;
# none of it is anybody's paper or key.
_SYSTEM: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
                  "/dev/urandom",
                  "/usr/share/fonts", "/usr/local/share/fonts")  # fmt: skip

# seccomp: each machine's name in the kernel's audit.h, and the numbers of the calls refused
# there (asm/unistd.h). A file may also be emptied, or its owner, mode and times changed, where
# Landlock does not look; and whoever runs as the same user could be signalled and limited.
_MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED: Final = {
    "x86_64": (
        *(41, 42),  # socket, connect
        *(59, 322),  # execve, execveat
        *(101, 310, 311, 438),  # ptrace, process_vm_readv, process_vm_writev, pidfd_getfd
        *(425, 321, 248, 250),  # io_uring_setup, bpf, add_key, keyctl
        *(76, 90, 91, 268, 452),  # truncate, chmod, fchmod, fchmodat, fchmodat2
        *(92, 93, 94, 260),  # chown, fchown, lchown, fchownat
        *(132, 235, 261, 280),  # utime, utimes, futimesat, utimensat
        *(188, 189, 190, 197, 198, 199),  # setxattr, removexattr, each also l and f
        *(62, 200, 234, 424),  # kill, tkill, tgkill, pidfd_send_signal
        *(302, 203, 141),  # prlimit64, sched_setaffinity, setpriority
    ),
    "aarch64": (
        *(198, 203),
        *(221, 281),
        *(117, 270, 271, 438),
        *(425, 280, 217, 219),
        *(45, 52, 53, 452),
        *(54, 55),
        *(88,),
        *(5, 6, 7, 14, 15, 16),
        *(129, 130, 131, 424),
        *(261, 122, 140),
    ),
}
_LIBRARIES: Final = ("site-packages", "dist-packages", "lib-dynload")
_X32: Final = 0x40000000  # a second set of numbers for the same calls on x86_64
_NO: Final = 0x00050000 | 1  # refuse with EPERM
_YES: Final = 0x7FFF0000
_SET_SECCOMP, _FILTER = 22, 2


def cut_off() -> bool:
    """Cut this process off; False where the kernel or the machine cannot do it, or not all of it.

    The caller has promised to gain no privileges (PR_SET_NO_NEW_PRIVS).
    """
    if sys.platform != "linux":
        return False
    return all([_close_files(_readable()), _refuse_calls()])


def is_possible() -> bool:
    """Whether `cut_off` would do all it says here."""
    return sys.platform == "linux" and _version() > 0 and _is_known()


def _is_known() -> bool:
    """A 32-bit program makes other calls than its machine's name says."""
    return os.uname().machine in _MACHINES and struct.calcsize("P") == 8


def _readable() -> list[str]:
    """Never all of sys.path: in a checkout it names the folder where data may lie, too."""
    ours = [Path(__file__).parents[1], Path(os.__file__).parent]
    return [*map(str, ours), *_libraries(), *_SYSTEM]


def _libraries() -> list[str]:
    return [place for place in sys.path if Path(place).name in _LIBRARIES]


def _version() -> int:
    return int(ctypes.CDLL(None).syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION))


def _of(version: int, table: dict[int, int]) -> int:
    return max((rights for since, rights in table.items() if since <= version), default=0)


def _close_files(readable: Iterable[str]) -> bool:
    version = _version()
    if version < 1:
        return False
    handled = struct.pack("=QQQ", *(_of(version, each) for each in (_FILES, _TCP, _SCOPES)))
    size = 8 if version < 4 else 16 if version < 6 else 24
    call = ctypes.CDLL(None).syscall
    rules = call(_CREATE, handled, ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        for place in readable:
            _allow(call, rules, place)
        return bool(call(_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(call: ctypes._FuncPointer, rules: int, place: str) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # Not on this machine.
    try:
        rights = _READ if Path(place).is_dir() else 1 << 2
        call(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)


def _refuse_calls() -> bool:
    if not _is_known():
        return False
    name, refused = _MACHINES[os.uname().machine], _REFUSED[os.uname().machine]
    steps = [
        _step(0x20, 0, 0, 4),  # which machine's numbers
        _step(0x15, 1, 0, name),
        _step(0x06, 0, 0, _NO),
        _step(0x20, 0, 0, 0),  # which call
        _step(0x35, len(refused), 0, _X32),
    ]
    for left, number in zip(range(len(refused) - 1, -1, -1), refused, strict=True):
        steps.append(_step(0x15, left, 0, number) if left else _step(0x15, 0, 1, number))
    steps += [_step(0x06, 0, 0, _NO), _step(0x06, 0, 0, _YES)]
    program = ctypes.create_string_buffer(b"".join(steps))
    told = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    return bool(ctypes.CDLL(None).prctl(_SET_SECCOMP, _FILTER, told, 0, 0) == 0)


def _step(code: int, true: int, false: int, value: int) -> bytes:
    """One instruction of classic BPF: what to do, how far to go on if so, if not, with what."""
    return struct.pack("=HBBI", code, true, false, value)
