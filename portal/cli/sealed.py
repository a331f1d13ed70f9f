"""`portal sealed`: an ordinary age tool on streams, in constant memory.

Exit codes: 0 done, 1 wrong use or an unreadable or unwritable file, 2 not for you, 3 damaged or
cut, 4 not an age file or refused.  What goes to standard output may be the authentic beginning of
a file whose end turns out to be damaged, as with the age program: look at the exit code.  A named
OUT is written beside its place and appears only when it is whole.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click

from portal.crypto.age.armor import ArmorWriter
from portal.crypto.age.errors import AgeError, BadKey
from portal.crypto.age.files import decrypt_stream, encrypt_stream
from portal.crypto.age.keys import Identity, Recipient, identities_in, recipient

_WRONG_USE = 1
_IDENTITY_FILE_LIMIT = 1024 * 1024


class _Command(click.Command):
    """A command whose wrong use does not exit with 2, which means "not for you" here."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _wrong_use():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _wrong_use():
            return super().invoke(ctx)


class _Group(_Command, click.Group):
    """A group of such commands."""

    command_class = _Command


@contextmanager
def _wrong_use() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.show()
        raise click.exceptions.Exit(_WRONG_USE) from None


@click.group("sealed", cls=_Group)
def group() -> None:
    """Open, seal and gather age files."""


@group.command("open")
@click.option(
    "--identity",
    "-i",
    "identity_files",
    multiple=True,
    required=True,
    metavar="FILE",
    help="A file of age identities; may be given several times.",
)
@click.argument("source", metavar="[IN]", default="-")
@click.argument("target", metavar="[OUT]", default="-")
def open_command(identity_files: Sequence[str], source: str, target: str) -> None:
    """Open an age file, binary or armoured, with an identity."""
    _exit_with(open_main, identity_files, source, target)


@group.command("seal")
@click.option(
    "--to",
    "-r",
    "recipients",
    multiple=True,
    required=True,
    metavar="RECIPIENT...",
    help="Whom to seal to: age1pq1... or age1..., never both kinds.",
)
@click.option("--armor", "-a", is_flag=True, help="Write text that survives mail.")
@click.argument("rest", nargs=-1, metavar="[IN [OUT]]")
def seal_command(recipients: Sequence[str], armor: bool, rest: Sequence[str]) -> None:
    """Seal a file to recipients."""
    more = [name for name in rest if _is_recipient(name)]
    names = list(rest[len(more) :])
    if list(rest[: len(more)]) != more or len(names) > 2:
        raise click.UsageError("give recipients first, then at most IN and OUT")
    source, target = [*names, "-", "-"][:2]
    _exit_with(seal_main, [*recipients, *more], source, target, armor)


@group.command("gather")
@click.argument("document", metavar="DOCUMENT")
@click.option("--for", "email", required=True, metavar="EMAIL", help="Whose copy: an address.")
@click.option(
    "--data",
    envvar="PORTAL_DATA",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the installation (PORTAL_DATA).",
)
@click.argument("target", metavar="[OUT]", default="-")
def gather_command(document: str, email: str, data: Path, target: str) -> None:
    """Write the age file that a person could open.

    DOCUMENT is the identifier of a paper, of one of its versions, of a grant or of a sending.
    Needs the database and the store and no key; the file opens for that person alone. Exits with 2
    where nothing of it is sealed to them.
    """
    # The database is loaded here only: open and seal stay as light as they are.
    from portal.cli.gather import NotThere, gather_main

    def gather() -> None:
        with _writing(target) as write:
            gather_main(data, document, email, write)

    try:
        _exit_with(gather)
    except NotThere as error:
        _fail(str(error), _WRONG_USE)


def open_main(identity_files: Sequence[str], source: str = "-", target: str = "-") -> None:
    """Opens `source` into `target` (`-`: standard input, output).

    Raises `AgeError`, or OSError where a file cannot be read or written.
    """
    identities = [identity for name in identity_files for identity in _identities(name)]
    with _reading(source) as reader, _writing(target) as write:
        decrypt_stream(reader, write, identities)


def seal_main(
    recipients: Sequence[str], source: str = "-", target: str = "-", armor: bool = False
) -> None:
    """Seals `source` into `target` (`-`: standard input, output).

    Raises `Refused` where hybrid and X25519 recipients are mixed, `BadKey` on a malformed one,
    OSError where a file cannot be read or written.
    """
    to: list[Recipient] = [recipient(text.strip()) for text in recipients]
    with _reading(source) as reader, _writing(target) as write:
        if not armor:
            encrypt_stream(reader, write, to)
            return
        writer = ArmorWriter(write)
        encrypt_stream(reader, writer.write, to)
        writer.close()


def _exit_with(main: Callable[..., None], *args: object) -> None:
    try:
        main(*args)
    except AgeError as error:
        _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader has gone: nothing more can be said to it, not even when Python flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_WRONG_USE)
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        _fail(message, _WRONG_USE)


def _fail(message: str, exit_code: int) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    raise click.exceptions.Exit(exit_code)


def _is_recipient(text: str) -> bool:
    if not text.startswith("age1"):
        return False
    try:
        recipient(text)
    except BadKey:
        return False
    return True


def _identities(name: str) -> list[Identity]:
    with _reading(name) as reader:
        content = reader.read(_IDENTITY_FILE_LIMIT)
    try:
        # Latin-1 never fails: a file that is no text is then refused line by line.
        return identities_in(content.decode("latin-1").splitlines())
    except BadKey as error:
        raise BadKey(f"{name}: {error}") from None


@contextmanager
def _reading(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


@contextmanager
def _writing(name: str) -> Iterator[Callable[[bytes | memoryview], object]]:
    if name == "-":
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    path = Path(name).resolve()
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        with path.open("wb") as file:
            yield file.write
        return
    with _appearing_whole(path) as file:
        yield file.write


@contextmanager
def _appearing_whole(path: Path) -> Iterator[BinaryIO]:
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
