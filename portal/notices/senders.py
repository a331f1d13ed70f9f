"""How a letter leaves: to a mail server, to a folder, or to memory. All keep one promise.

`send` returns once the letter has been taken over, raises `SendLater` when trying again may
help, `SendNever` when this letter will never go. It never does part of the work and returns.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from portal.notices.letters import Letter, is_address


class SendLater(Exception):
    """Not now: the server is away, busy, untrusted or badly set up. `reason` names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SendNever(Exception):
    """The receiver's address or the letter was refused for good. `reason` names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Sender(Protocol):
    """Anything that can deliver a letter. Safe to call from several threads."""

    def send(self, letter: Letter) -> None:
        """Deliver, or raise `SendLater` or `SendNever`."""


class MemorySender:
    """Keeps letters in `letters`, in order, each id once. For tests and dry runs."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """Keep the letter unless its id was sent before."""
        if all(sent.id != letter.id for sent in self.letters):
            self.letters.append(letter)


def message(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as a mail from `sender`: one plain text part, no attachment.

    The Message-ID comes from the letter's id, so a try repeated after a lost answer is the same
    mail. Auto-Submitted (RFC 3834) keeps out-of-office answers away.
    """
    if not is_address(sender):
        raise ValueError("the sender's address is not one")
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.made_at)
    mail["Message-ID"] = f"<{letter.id}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="quoted-printable")
    mail["Content-Language"] = "en-GB"
    return mail
