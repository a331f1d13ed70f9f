"""The only place where a concrete database, store, clock and mailer is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal.clock import Clock, SystemClock
from portal.crypto.serverkeys import KeyFolder
from portal.documents.scan import Clamd, NoScanner, Scanner
from portal.identity.sign_on.exchange import Exchange
from portal.identity.sign_on.reach import Reach
from portal.journeys.house import House
from portal.journeys.opening.reading_room import ReadingRoom
from portal.ledger.witness import Witness
from portal.notices.folder_sender import FolderSender
from portal.notices.letters import Writer
from portal.notices.senders import Sender
from portal.notices.smtp_sender import SmtpSender
from portal.records.database import open_engine
from portal.settings import REPOSITORY, BadSettings, Settings
from portal.storage.filesystem import FilesystemStore


@dataclass(frozen=True)
class Wiring:
    """The house, and what only timers use: the sender of mail and the writer of letters."""

    settings: Settings
    house: House
    sender: Sender
    writer: Writer


def wire(settings: Settings, clock: Clock | None = None) -> Wiring:
    """Build the real parts. The database must be migrated (`portal.migrating.upgrade`) and the
    keys made; raises BadServerKeys, StorageUnavailable or BadSettings where they are not."""
    house = House(
        engine=open_engine(settings.database),
        clock=clock or SystemClock(),
        store=FilesystemStore(settings.papers),
        witness=Witness(settings.checkpoints),
        key_source=KeyFolder(settings.keys, settings.production),
        origin=settings.ledger_origin,
        production=settings.production,
        reading_room=ReadingRoom(settings.papers_at_once),
        examining_room=ReadingRoom(max(2, settings.papers_at_once // 2)),
        scanner=_scanner(settings),
        limits=settings.limits,
        sign_on=Exchange(Reach(trial=not settings.production)),
    )
    return Wiring(settings, house, _sender(settings), Writer(settings.base_url, letters_folder()))


def templates_folder() -> Path:
    """Where the templates are: beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).resolve().parent / "templates"
    return inside if inside.is_dir() else REPOSITORY / "templates"


def letters_folder() -> Path:
    """The texts of the notices."""
    return templates_folder() / "notices"


def _scanner(settings: Settings) -> Scanner:
    if settings.clamd is None:
        return NoScanner()
    return Clamd(settings.clamd)


def _sender(settings: Settings) -> Sender:
    if settings.mail == "folder":
        if settings.mail_folder is None:
            raise BadSettings("PORTAL_DATA must be set where mails are written to a folder")
        return FolderSender(settings.mail_folder, settings.mail_from)
    parts = urlsplit(settings.mail)
    if parts.scheme != "smtp" or not parts.hostname:
        raise BadSettings("PORTAL_MAIL must be folder, or like smtp://mail.example.org:587")
    password = (
        settings.mail_password_file.read_text().strip() if settings.mail_password_file else ""
    )
    return SmtpSender(
        parts.hostname,
        parts.port or 587,
        settings.mail_from,
        username=settings.mail_user or None,
        password=password or None,
    )
