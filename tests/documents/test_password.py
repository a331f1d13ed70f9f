"""A password that the uploader types opens their file this once, and is kept nowhere."""

from __future__ import annotations

import pytest
from pikepdf import Encryption

from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import new, opened, saved, texts

SECRET = "Äpfel & birds 1"


def locked(user: str = SECRET, strength: int = 6) -> bytes:
    how = Encryption(
        user=user,
        owner="another",
        R=strength,  # type: ignore[arg-type]
        aes=strength > 3,
        metadata=strength > 3,
    )
    return saved(new(), encryption=how)


def why(clear: bytes, password: str = "") -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, password=password)
    return refused.value.code


@pytest.mark.parametrize("password", [SECRET, "another"])
def test_the_right_password_opens_it(password: str) -> None:
    accepted = examine(locked(), password=password)
    assert "Plain words" in texts(accepted.pdf_clear)[0]
    assert not opened(accepted.pdf_clear).is_encrypted
    assert FindingKind.LOCK_REMOVED in {finding.kind for finding in accepted.findings}
    assert SECRET.encode() not in accepted.pdf_clear


@pytest.mark.parametrize("strength", [3, 4, 6])
def test_every_strength_is_known(strength: int) -> None:
    assert examine(locked("abc", strength), password="abc").pages == 1


@pytest.mark.parametrize("wrong", ["x", SECRET.upper(), SECRET + " ", "\0", "a" * 5000])
def test_any_other_does_not(wrong: str) -> None:
    assert why(locked(), wrong) is RefusalCode.WRONG_PASSWORD


def test_without_one_it_is_asked_for() -> None:
    assert why(locked()) is RefusalCode.PASSWORD
    assert "type its password" in RefusedPaper(RefusalCode.PASSWORD).words


def test_a_password_that_is_not_needed_does_no_harm() -> None:
    assert examine(saved(new()), password="not needed").pages == 1
