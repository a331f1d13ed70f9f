"""The numbers of the calls that a child is refused are those of the calls that are meant.

From the kernel's own tables: `include/uapi/asm-generic/unistd.h`, which aarch64 uses (its
`arch/arm64/include/uapi/asm/unistd.h` includes it), and `arch/x86/entry/syscalls/syscall_64.tbl`,
both of Linux 6.6. A number once given is never given again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from portal.documents.boxed.cutoff import _REFUSED

CALLS: Final[dict[str, dict[str, int]]] = {
    "aarch64": {
        "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15,
        "fremovexattr": 16, "truncate": 45, "fchmod": 52, "fchmodat": 53, "fchownat": 54,
        "fchown": 55, "utimensat": 88, "ptrace": 117, "sched_setaffinity": 122, "kill": 129,
        "tkill": 130, "tgkill": 131, "setpriority": 140, "socket": 198, "connect": 203,
        "add_key": 217, "keyctl": 219, "execve": 221, "prlimit64": 261, "process_vm_readv": 270,
        "process_vm_writev": 271, "bpf": 280, "execveat": 281, "pidfd_send_signal": 424,
        "io_uring_setup": 425, "pidfd_getfd": 438, "fchmodat2": 452,
    },
    "x86_64": {
        "socket": 41, "connect": 42, "execve": 59, "kill": 62, "truncate": 76, "chmod": 90,
        "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94, "ptrace": 101, "utime": 132,
        "setpriority": 141, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
        "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199, "tkill": 200,
        "sched_setaffinity": 203, "tgkill": 234, "utimes": 235, "add_key": 248, "keyctl": 250,
        "fchownat": 260, "futimesat": 261, "fchmodat": 268, "utimensat": 280, "prlimit64": 302,
        "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "execveat": 322,
        "pidfd_send_signal": 424, "io_uring_setup": 425, "pidfd_getfd": 438, "fchmodat2": 452,
    },
}  # fmt: skip
# Where newer machines have only the general call: each of these is it with fewer choices.
OLDER: Final = {"chmod", "chown", "lchown", "utime", "utimes", "futimesat"}
HEADERS: Final = {
    "aarch64": ("asm-generic/unistd.h",),
    "x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h"),
}
DEFINED: Final = re.compile(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)\b", re.MULTILINE)


@pytest.mark.parametrize("machine", CALLS)
def test_the_numbers_refused_are_those_of_the_table(machine: str) -> None:
    assert sorted(_REFUSED[machine]) == sorted(CALLS[machine].values())
    assert len(set(_REFUSED[machine])) == len(_REFUSED[machine])


def test_both_machines_are_refused_the_same() -> None:
    assert CALLS["x86_64"].keys() - OLDER == CALLS["aarch64"].keys()


@pytest.mark.parametrize("machine", CALLS)
def test_where_the_kernels_own_header_is_here_it_says_the_same(machine: str) -> None:
    for header in HEADERS[machine]:
        path = Path("/usr/include") / header
        told = dict(DEFINED.findall(path.read_text("utf-8"))) if path.is_file() else {}
        known = {name: int(told[name]) for name in CALLS[machine] if name in told}
        assert not told or len(known) > 25
        assert known == {name: CALLS[machine][name] for name in known}
