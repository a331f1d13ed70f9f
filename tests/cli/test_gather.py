"""`portal sealed gather`: the age file a person could open, for them and for nobody else."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest

from portal.domain.grants import GrantState
from portal.journeys.giving.take_back import take_back
from portal.records import papers
from portal.records.database import reading
from portal.storage.filesystem import FilesystemStore
from tests.cli.installed import run
from tests.crypto.conftest import node_modules, typage
from tests.crypto.test_interop import run_typage
from tests.staging import Stage
from tests.world import cast

__all__ = ["node_modules", "typage"]


@pytest.fixture
def data(stage: Stage) -> Path:
    """A folder with the database and the store of a sent pack, and no key of the server."""
    stage.arrange(kept_back={"joe": ["F"]})
    stage.send()
    store = FilesystemStore(stage.world.folder / "papers")
    for name, body in stage.world.store._kept.items():
        folder = stage.world.folder / "papers" / name[:2]
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_bytes(body)
    assert store.measure()[0]
    shutil.rmtree(stage.world.settings.keys)
    return stage.world.folder


def identity(name: str, folder: Path) -> Path:
    file = folder / f"{name}.identity"
    file.write_text(f"{cast()[name].keyring.identities()[0]}\n")
    return file


def gather(data: Path, what: str, name: str, out: Path) -> int:
    email = cast()[name].email if name in cast() else name
    return run("sealed", "gather", what, "--for", email, "--data", data, out).exit_code


def test_its_reader_opens_it(stage: Stage, data: Path, tmp_path: Path) -> None:
    grant = stage.grant("joe")
    out, clear = tmp_path / "pack.age", tmp_path / "pack.pdf"
    assert gather(data, grant.version_id, "joe", out) == 0
    assert out.read_bytes().startswith(b"age-encryption.org/v1\n-> mlkem768x25519 ")
    assert run("sealed", "open", "-i", identity("joe", tmp_path), out, clear).exit_code == 0
    assert clear.read_bytes().startswith(b"%PDF")


@pytest.mark.real("age-encryption (npm)")
def test_another_age_program_opens_it(
    stage: Stage, data: Path, tmp_path: Path, typage: list[str]
) -> None:
    out = tmp_path / "pack.age"
    gather(data, stage.grant("joe").version_id, "joe", out)
    for name, opens in (("joe", True), ("ruth", False)):
        secret = identity(name, tmp_path).read_text().strip()
        step = {"op": "open", "identity": secret, "file": out.read_bytes()}
        [answer] = run_typage(typage, [step])
        assert base64.b64decode(answer.get("clear", "")).startswith(b"%PDF") is opens


def test_nobody_else_opens_it(stage: Stage, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack.age"
    gather(data, stage.grant("joe").version_id, "joe", out)
    for name in ("ruth", "helen", "una", "dev"):
        result = run("sealed", "open", "-i", identity(name, tmp_path), out, tmp_path / "no")
        assert result.exit_code == 2
        assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("what", ["version", "document", "grant", "sending"])
def test_by_any_of_its_identifiers(stage: Stage, data: Path, tmp_path: Path, what: str) -> None:
    grant = stage.grant("ruth")
    with reading(stage.house.engine) as db:
        version = papers.load_version(db, grant.area_id, grant.version_id)
    assert version is not None
    named = {"version": grant.version_id, "document": version.document_id, "grant": grant.id,
             "sending": grant.sending_id}[what]  # fmt: skip
    out, clear = tmp_path / "pack.age", tmp_path / "pack.pdf"
    assert gather(data, named, "ruth", out) == 0
    assert run("sealed", "open", "-i", identity("ruth", tmp_path), out, clear).exit_code == 0
    assert clear.read_bytes().startswith(b"%PDF")


def test_of_a_sending_each_gets_their_own_layout(stage: Stage, data: Path, tmp_path: Path) -> None:
    sending = stage.grant("joe").sending_id
    for name in ("joe", "ruth"):
        gather(data, sending, name, tmp_path / name)
        opened = tmp_path / f"{name}.pdf"
        run("sealed", "open", "-i", identity(name, tmp_path), tmp_path / name, opened)
    assert (tmp_path / "joe.pdf").read_bytes() != (tmp_path / "ruth.pdf").read_bytes()


def test_somebody_without_a_wrap_exits_with_two(stage: Stage, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack.age"
    assert stage.states()["una"] is GrantState.WAITING
    for name in ("una", "grace", "helen"):
        assert gather(data, stage.grant("joe").version_id, name, out) == 2
        assert not out.exists()


def test_after_it_was_taken_back_there_is_no_wrap(stage: Stage, data: Path, tmp_path: Path) -> None:
    take_back(stage.house, stage.world.who("helen"), stage.grant("joe").sending_id, "Wrong case.")
    assert gather(data, stage.grant("joe").version_id, "joe", tmp_path / "x") == 2


def test_the_units_own_copy_opens_with_the_units_key(
    stage: Stage, data: Path, tmp_path: Path
) -> None:
    with reading(stage.house.engine) as db:
        unit = stage.world.who("helen").unit(db)
    file = tmp_path / "unit.identity"
    file.write_text(f"{unit.opener()}\n")
    out = tmp_path / "pack.age"
    assert gather(data, stage.grant("joe").version_id, "unit", out) == 0
    assert run("sealed", "open", "-i", file, out, tmp_path / "clear").exit_code == 0


@pytest.mark.parametrize(
    ("what", "email"),
    [("a" * 26, "joe@northmere.example"), ("", "joe@northmere.example"),
     ("VERSION", "nobody@northmere.example"), ("VERSION", "not an address"), ("VERSION", "")],
)  # fmt: skip
def test_what_is_not_there_exits_with_one(
    stage: Stage, data: Path, tmp_path: Path, what: str, email: str
) -> None:
    named = stage.grant("joe").version_id if what == "VERSION" else what
    out = tmp_path / "x"
    result = run("sealed", "gather", named, "--for", email, "--data", data, out)
    assert result.exit_code == 1
    assert not out.exists()


def test_a_payload_that_was_changed_or_lost_is_not_gathered(
    stage: Stage, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x"
    for file in (data / "papers").rglob("*"):
        if file.is_file():
            body = file.read_bytes()
            file.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    assert gather(data, stage.grant("joe").version_id, "joe", out) == 1
    shutil.rmtree(data / "papers")
    assert gather(data, stage.grant("joe").version_id, "joe", out) == 1
    assert not out.exists()
    assert not (data / "papers").exists()


def test_it_leaves_no_line(stage: Stage, data: Path, tmp_path: Path) -> None:
    before = len(stage.lines())
    gather(data, stage.grant("joe").version_id, "joe", tmp_path / "x")
    assert len(stage.lines()) == before


def test_it_says_how_to_use_it() -> None:
    result = run("sealed", "gather", "--help")
    assert "Needs the database and the store and no key" in result.output
    assert run("sealed", "gather", "x").exit_code == 1
