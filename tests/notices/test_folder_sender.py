from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from portal.notices.folder_sender import FolderSender
from portal.notices.kinds import Kind
from portal.notices.letters import Letter, Writer
from portal.notices.senders import SendLater

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def letter(writer: Writer) -> Letter:
    facts = {"area": "Kentmere", "path": "/join/tok", "phone": "01632 960 000",
             "until": "2026-05-08T09:00"}  # fmt: skip
    return writer.letter(
        Kind.INVITED_TO_JOIN, "ruth@kentmere.example", facts, letter_id="n1", made_at=NOW
    )


def test_a_letter_is_a_file_of_its_own_that_nobody_else_may_read(
    tmp_path: Path, letter: Letter
) -> None:
    folder = tmp_path / "mail"
    FolderSender(folder).send(letter)
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert files == {"n1.eml": 0o600, "index.jsonl": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    mail = message_from_bytes((folder / "n1.eml").read_bytes(), policy=policy.default)
    assert mail["To"] == "ruth@kentmere.example"
    assert letter.link in mail.get_content()


def test_the_index_tells_who_what_and_which_link(tmp_path: Path, letter: Letter) -> None:
    sender = FolderSender(tmp_path / "mail")
    assert list(sender.entries()) == []
    sender.send(letter)
    sender.send(replace(letter, id="n2", to="idris@kentmere.example"))
    told = [(entry.id, entry.to, entry.subject, entry.link) for entry in sender.entries()]
    assert told == [
        ("n1", "ruth@kentmere.example", letter.subject, letter.link),
        ("n2", "idris@kentmere.example", letter.subject, letter.link),
    ]


def test_a_loose_folder_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    FolderSender(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_letter_sent_again_is_there_once(tmp_path: Path, letter: Letter) -> None:
    sender = FolderSender(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sender.send, [letter] * 20))
    assert [entry.id for entry in sender.entries()] == ["n1"]
    FolderSender(tmp_path).send(letter)
    assert [entry.id for entry in sender.entries()] == ["n1"]


def test_what_a_crash_left_half_written_is_made_good(tmp_path: Path, letter: Letter) -> None:
    sender = FolderSender(tmp_path)
    sender.send(replace(letter, id="n0"))
    (tmp_path / "n1.part").write_bytes(b"half")
    with (tmp_path / "index.jsonl").open("ab") as index:
        index.write(b'{"id": "n1", "to": "ru')
    sender.send(letter)
    assert [entry.id for entry in sender.entries()] == ["n0", "n1"]
    assert not (tmp_path / "n1.part").exists()


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path, letter: Letter) -> None:
    folder, outside = tmp_path / "mail", tmp_path / "outside"
    sender = FolderSender(folder)
    outside.write_bytes(b"")
    (folder / "index.jsonl").symlink_to(outside)
    with pytest.raises(SendLater):
        sender.send(letter)
    assert outside.read_bytes() == b""


def test_a_folder_that_takes_nothing_means_later(tmp_path: Path, letter: Letter) -> None:
    folder = tmp_path / "mail"
    sender = FolderSender(folder)
    folder.rmdir()
    with pytest.raises(SendLater) as why:
        sender.send(letter)
    assert "ruth" not in why.value.reason
