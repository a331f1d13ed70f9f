"""The upload page: what it takes, what it asks for, and what it says of scanning."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pikepdf import Encryption
from PIL import Image

from tests.agency.conftest import Asking
from tests.agency.test_doors import Contact
from tests.browsing import post, words_of
from tests.documents.making import new, numbered, saved
from tests.documents.words import docx, ole

SECRET = "Pelican-Password-7731"


@pytest.fixture
def contact(asking: Asking) -> Contact:
    return Contact(asking, asking.world.client("adeyemi"))


def locked() -> bytes:
    return saved(new(), encryption=Encryption(user=SECRET, owner="x"))


def with_password(contact: Contact, clear: bytes, password: str) -> object:
    fields = {"file": (io.BytesIO(clear), "a.pdf"), "password": password}
    return post(contact.client, f"{contact.at}/upload", fields)


def test_the_page_says_what_is_taken_and_that_nothing_is_scanned(contact: Contact) -> None:
    shown = contact.client.get(f"{contact.at}/upload")
    said = words_of(shown)
    assert "A PDF, a Word file (.docx, .odt, .doc) or a picture (JPEG, PNG, TIFF)" in said
    assert "of at most 50 MB" in said
    assert "Files are not scanned for viruses here." in said
    assert 'name="password"' not in shown.get_data(as_text=True)


def test_where_word_files_cannot_be_converted_it_says_so_before_one_is_chosen(
    contact: Contact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = words_of(contact.client.get(f"{contact.at}/upload"))
    assert "Word files are not taken here now" in said
    assert "Save as, then PDF" in said
    assert "A PDF or a picture (JPEG, PNG, TIFF) of at most 50 MB" in said
    assert ".docx" not in said
    minutes = f"/unit/slots/{contact.asking.slot.id}/minutes"
    said = words_of(contact.asking.world.client("helen").get(minutes))
    assert "Word files are not taken here now" in said


def test_a_password_is_asked_for_only_when_it_is_missing(contact: Contact) -> None:
    answer = contact.upload(locked())
    body = answer.get_data(as_text=True)
    assert "needs a password to open" in words_of(answer)
    assert 'name="password"' in body
    assert 'type="password"' in body
    wrong = with_password(contact, locked(), "not it")
    said = wrong.get_data(as_text=True)  # type: ignore[attr-defined]
    assert "That password does not open the file" in said
    assert "not it" not in said
    assert 'name="password"' in contact.upload(ole("EncryptedPackage", "EncryptionInfo")).get_data(
        as_text=True
    )
    for clear in (b"MZ", ole("WordDocument", flags=0x8100)):
        assert 'name="password"' not in contact.upload(clear).get_data(as_text=True)


def test_with_its_password_a_file_goes_on_to_the_check(contact: Contact) -> None:
    done = with_password(contact, locked(), SECRET)
    assert done.headers["Location"] == f"{contact.at}/check"  # type: ignore[attr-defined]
    check = contact.client.get(f"{contact.at}/check")
    assert "Viruses Not scanned" in words_of(check)
    assert SECRET not in check.get_data(as_text=True)


def test_a_password_is_never_kept_for_later() -> None:
    """Not in the draft that is kept of a form which came after its session was over."""
    from portal.web.drafts import NEVER_KEPT

    assert "password" in NEVER_KEPT


def test_a_picture_becomes_a_report(contact: Contact) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    assert contact.upload(out.getvalue(), "x.txt").status_code == 302
    said = words_of(contact.client.get(f"{contact.at}/check"))
    assert "Page 1 is a picture" in said


@pytest.mark.real("LibreOffice in a sandbox")
def test_a_word_file_becomes_a_report(contact: Contact, libreoffice: None) -> None:
    assert contact.upload(docx(), "x.pdf").status_code == 302
    said = words_of(contact.client.get(f"{contact.at}/check"))
    assert "The pages were made from a Word file or one like it." in said


def test_without_libreoffice_word_files_are_refused_with_what_to_do(
    contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    said = words_of(contact.upload(docx(), "x.docx"))
    assert "Word files cannot be taken here at the moment." in said
    assert "Save it as PDF in Word and upload that." in said


def test_the_coordinator_sees_what_was_not_scanned(contact: Contact) -> None:
    contact.upload(numbered(1))
    contact.check("29", "2", "1984")
    helen = contact.asking.world.client("helen")
    slot = f"/unit/slots/{contact.asking.slot.id}"
    for address in (slot, f"{slot}/pack"):
        assert "Not scanned for viruses" in words_of(helen.get(address))


@pytest.mark.parametrize("missing", [True, False])
def test_the_operator_sees_what_works(
    contact: Contact, missing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing:
        monkeypatch.setenv("PATH", "/nonexistent")
    said = words_of(contact.asking.world.client("dev").get("/operator/"))
    assert "No virus scanner is configured" in said
    assert "Word files" in said
    if missing:
        assert "Word files are not taken: LibreOffice is not installed" in said
