"""The server's own keys: made tight, refused when loose."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from portal.crypto import serverkeys
from portal.crypto.serverkeys import BadServerKeys, KeyFolder, KeyKind, ServerKeys

NAMES = ["field", "ledger", "pepper-1", "session"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    serverkeys.create(tmp_path / "keys")
    return tmp_path / "keys"


def refused(folder: Path, match: str, production: bool = False) -> None:
    with pytest.raises(BadServerKeys, match=match):
        serverkeys.load(folder, production)


def test_made_tight_and_loaded_again(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    keys = serverkeys.load(folder, production=True)
    assert keys == serverkeys.load(folder, production=False)
    values = {keys.session, keys.field_key, keys.ledger_seed, keys.pepper()}
    assert len(values) == 4
    assert {len(value) for value in values} == {32}
    assert not any(value.hex() in repr(keys) or repr(value) in repr(keys) for value in values)


def test_two_servers_share_nothing(tmp_path: Path) -> None:
    one, other = serverkeys.create(tmp_path / "a"), serverkeys.create(tmp_path / "b")
    assert one.session != other.session
    assert one.pepper() != other.pepper()


def test_peppers_by_version(folder: Path) -> None:
    old = serverkeys.load(folder, production=True)
    new = serverkeys.add(folder, KeyKind.PEPPER)
    assert (old.pepper_version, new.pepper_version) == (1, 2)
    assert new.pepper(1) == old.pepper() != new.pepper() == new.pepper(2)
    for version in (0, 3, -1):
        with pytest.raises(BadServerKeys, match="pepper"):
            new.pepper(version)


def test_nothing_is_overwritten(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BadServerKeys, match="already"):
        serverkeys.create(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_with_a_readme_is_taken_and_tightened(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("What belongs here.")
    tmp_path.chmod(0o755)
    serverkeys.create(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert serverkeys.load(tmp_path, production=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_key_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused(folder, "pepper" if name == "pepper-1" else name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610, 0o601])
def test_a_loose_key_is_refused(folder: Path, name: str, mode: int) -> None:
    (folder / name).chmod(mode)
    refused(folder, "open to other users")


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711, 0o777])
def test_a_loose_folder_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    refused(folder, "open to other users")


@pytest.mark.parametrize("name", NAMES)
def test_a_link_or_a_folder_is_refused(folder: Path, name: str, tmp_path: Path) -> None:
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    refused(folder, "link")
    (folder / name).unlink()
    (folder / name).mkdir(mode=0o700)
    refused(folder, "link")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "00" * 32,
        "portal-key v1\n",
        "portal-key v1\n" + "00" * 31 + "\n",
        "portal-key v1\n" + "00" * 33 + "\n",
        "portal-key v1\n" + "zz" * 32 + "\n",
        "portal-key v2\n" + "00" * 32 + "\n",
        "portal-key v1\n" + "00" * 32 + "\nx",
        "é",
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_malformed_key_is_refused_and_not_shown(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(BadServerKeys, match="does not hold a key") as caught:
        serverkeys.load(folder, production=False)
    assert "00" * 8 not in str(caught.value)


def test_a_pepper_without_a_number_or_twice_is_refused(folder: Path) -> None:
    (folder / "pepper-x").write_bytes((folder / "pepper-1").read_bytes())
    refused(folder, "number")
    (folder / "pepper-x").rename(folder / "pepper-01")
    refused(folder, "number")
    (folder / "pepper-01").rename(folder / "pepper-1.former")
    (folder / "pepper-1.former").chmod(0o600)
    refused(folder, "twice")


@pytest.mark.parametrize("kind", [KeyKind.SESSION, KeyKind.FIELD, KeyKind.LEDGER])
def test_one_version_under_two_names_is_refused(folder: Path, kind: KeyKind) -> None:
    (folder / f"{kind.value}-1").write_bytes((folder / kind.value).read_bytes())
    (folder / f"{kind.value}-1").chmod(0o600)
    refused(folder, "twice")


@pytest.mark.parametrize("kind", list(KeyKind))
def test_a_new_version_is_the_newest_and_the_former_is_in_use_until_retired(
    folder: Path, kind: KeyKind
) -> None:
    (first,) = serverkeys.load(folder, production=True).in_use(kind)
    added = serverkeys.add(folder, kind)
    second, was = added.in_use(kind)
    assert was == first != second
    left = serverkeys.retire(folder, kind)
    assert left.in_use(kind) == (second,)
    assert left.ever(kind) == ((second,) if kind is KeyKind.SESSION else (second, first))
    third = serverkeys.add(folder, kind)
    assert sorted(third.of(kind)) == [2, 3], "a version is never given twice"
    assert all(found == left.of(other) for other, found in others(third, kind))


def others(keys: ServerKeys, kind: KeyKind) -> list[tuple[KeyKind, Mapping[int, bytes]]]:
    return [(other, keys.of(other)) for other in KeyKind if other is not kind]


@pytest.mark.parametrize("kind", list(KeyKind))
def test_nothing_is_retired_where_there_is_one_version(folder: Path, kind: KeyKind) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    serverkeys.retire(folder, kind)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_retired_key_alone_is_no_key(folder: Path) -> None:
    (folder / "field").rename(folder / "field-1.former")
    refused(folder, "field is missing")


def test_a_key_half_written_is_passed_over_and_written_again(folder: Path) -> None:
    (folder / ".field-2.part").write_text("portal-key v1\n00")
    assert sorted(serverkeys.load(folder, production=True).fields) == [1]
    assert sorted(serverkeys.add(folder, KeyKind.FIELD).fields) == [1, 2]
    assert not (folder / ".field-2.part").exists()


def test_the_folder_is_followed_and_what_was_loaded_outlives_it(folder: Path) -> None:
    keys = KeyFolder(folder, production=True)
    first = keys()
    assert keys() is first
    serverkeys.add(folder, KeyKind.SESSION)
    assert keys().session != first.session
    serverkeys.retire(folder, KeyKind.SESSION)
    assert sorted(keys().sessions) == [2]
    now = keys()
    (folder / "session-3").write_text("portal-key v1\nnonsense\n")
    assert keys() is now, "a file that holds no key stops nobody"
    shutil.rmtree(folder)
    assert keys() is now
    with pytest.raises(BadServerKeys):
        KeyFolder(folder, production=True)


def test_development_keys_are_refused_in_production(tmp_path: Path) -> None:
    made = serverkeys.create(tmp_path / "keys", development=True)
    assert made.development
    assert serverkeys.load(tmp_path / "keys", production=False).development
    refused(tmp_path / "keys", "development", production=True)


def test_one_development_key_among_real_ones_is_enough(folder: Path) -> None:
    text = (folder / "field").read_text().replace("v1", "v1 development")
    (folder / "field").write_text(text)
    assert serverkeys.load(folder, production=False).development
    refused(folder, "development", production=True)


def test_a_missing_folder_says_how_to_make_it(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "missing")
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file", "not what it should be")
