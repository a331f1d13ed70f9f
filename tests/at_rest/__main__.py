"""`python -m tests.at_rest`: live, take the image, search it, attack it, write the page."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from portal.cli.renewal import AFTER_SECONDS
from tests.at_rest.attack import everything_sealed, found_secrets, opened_by
from tests.at_rest.image import Image, take
from tests.at_rest.life import TYPED, Life, live
from tests.at_rest.memory import canaries, held_in, memory_of, served

PAGE = Path("docs/at-rest.md")
PARTS = {
    "Database, its log and free pages": "data/portal.db",
    "Sealed papers": "data/papers/",
    "Keys of the server": "data/keys/",
    "Mails": "data/mail/",
    "Checkpoints seen": "data/checkpoints/",
    "Recovery kit, without its sheets": "data/recovery-kit/",
    "A backup, with its sealed keys": "backups/",
    "Everything logged, at the finest level": "log.txt",
    "Temporary files": "temporary/",
    "Environment": "environment",
}
HEAD = """# What lies about

Written by `make at-rest` on {day}, Python {python}; do not edit. `make test` does the same, with
other random keys each time, and fails on the first thing found.

An installation lived through weeks: twelve people joined, cases were opened, reports handed in, a
pack and minutes sent, read, taken back and given for longer, a disclosure decided, a draft left
unfinished, an upload refused, a backup made. Everything typed, uploaded or kept secret was noted
on the way: {secrets} canaries ({typed} texts with a word that stands nowhere else; names and days
of birth; every passphrase, recovery code, code-app secret, key and sheet of the recovery kit).
Then everything that was left behind was searched for each of them: as it is, in other letters'
case, as UTF-16, hexadecimal, base64 and base32, percent-encoded, as JSON, and inside whatever is
compressed.

| Part | Files | Size | Canaries found |
| --- | --- | --- | --- |
"""


def told(life: Life, image: Image, folder: Path) -> Iterator[str]:
    """The page, line by line."""
    yield HEAD.format(
        day=_day(), python=platform.python_version(), secrets=len(life.secrets), typed=len(TYPED)
    ).rstrip("\n")
    hits = {name: image.holding(secret) for name, secret in life.secrets.items()}
    for words, prefix in PARTS.items():
        names = [name for name in image.parts if name.startswith(prefix)]
        size = sum(len(image.parts[name]) for name in names)
        found = sum(any(part.startswith(prefix) for part in parts) for parts in hits.values())
        yield f"| {words} | {len(names)} | {_size(size)} | {_none(found)} |"
    yield from _memory(life, folder)
    yield from _attack(life, image)
    yield """
## What this does not show

What passes through a server that somebody controls while people work: it sees papers in the clear.
What was swapped out or photographed meanwhile. That a passphrase which somebody chose badly holds:
a generated one does. What stands in the clear on purpose is listed in
[clear-columns.md](clear-columns.md): the search finds it, so it would find the rest."""


def _memory(life: Life, folder: Path) -> Iterator[str]:
    with served(life, folder) as server:
        (first,) = server.workers()
        server.work()
        memories = {"the worker, right after": memory_of(first)}
        memories["the worker that took its place"] = memory_of(server.wait_for_another(first))
        memories["the process that starts workers"] = memory_of(server.pid)
    yield f"""
## Memory of a server

`portal serve` ran on a copy. Two people signed in over HTTP, one read and downloaded a paper, the
other looked at a case, both signed out. Python cannot wipe what it no longer needs, so a worker
that was used and then left alone ({AFTER_SECONDS / 60:.0f} minutes without a visitor) ends, and
another begins.

| Memory of | Size | Canaries found |
| --- | --- | --- |"""
    for words, memory in memories.items():
        yield f"| {words} | {_size(len(memory))} | {_none(len(held_in(memory, canaries(life))))} |"


def _attack(life: Life, image: Image) -> Iterator[str]:
    sealed, keys = everything_sealed(life), found_secrets(life, image)
    opened = opened_by(keys, sealed)
    yield f"""
## Attacked with every key found in it

Every 32 bytes in the keys folder, the database and the mails that could be a key ({len(keys)} of
them) was tried as an X25519 and as a hybrid identity on each of the {len(sealed)} age files and
headers in the image: keyrings, headers of papers, the unit's copies, texts, drafts, the index of
names, passkeys, the backed-up keys. Opened: {_none(len(opened))}. `make test` also tries them as
session cookies and file keys; and each person's passphrase, recovery code or passkey on everything:
it opens its owner's keyring, and that opens what was sealed to its owner."""


def _day() -> str:
    now = datetime.now(UTC)
    return f"{now.day} {now:%B %Y}"


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MiB" if size >= 2**20 else f"{size / 2**10:.1f} KiB"


def _none(count: int) -> str:
    return str(count) if count else "none"


def main() -> None:
    """Write the page; ends with 1 where something was found that should not be."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        life = live(folder)
        image = take(life.folder, life.backups, folder / "temporary", life.log)
        (folder / "served").mkdir()
        page = "\n".join(told(life, image, folder / "served")) + "\n"
        life.wiring.house.engine.dispose()
    sys.stdout.write(page)
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
