"""The settings of one installation, read once from the environment or handed in by the demo.

Every name begins with PORTAL_. Nothing here is secret: keys live in their own folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from portal.documents.limits import Limits

REPOSITORY = Path(__file__).resolve().parent.parent
_LIMIT = "PORTAL_LIMIT_"


class BadSettings(Exception):
    """A setting is missing or makes no sense; the message names it and what to write."""


@dataclass(frozen=True)
class Settings:
    """`database` is an SQLAlchemy URL; folders are absolute; `base_url` has no path."""

    base_url: str
    database: str
    papers: Path
    keys: Path
    checkpoints: Path
    mail: str
    mail_from: str
    production: bool
    trusted_proxies: int = 0
    mail_folder: Path | None = None
    mail_user: str = ""
    mail_password_file: Path | None = None
    papers_at_once: int = 8
    origin: str = ""
    """The name the ledgers began under; it stays when the address changes. Empty: the host."""
    clamd: Path | None = None
    """The socket of the virus scanner; None where there is none."""
    limits: Limits = field(default_factory=Limits)
    """What one uploaded file may ask of this machine."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path not in ("", "/")
        ):
            raise BadSettings("PORTAL_BASE_URL must be like https://portal.example.org")
        if self.production and parts.scheme != "https":
            raise BadSettings("PORTAL_BASE_URL must be https in production")

    @property
    def host(self) -> str:
        """The host name, with its port where it is not the usual one."""
        return urlsplit(self.base_url).netloc

    @property
    def ledger_origin(self) -> str:
        """The first part of every ledger's name."""
        return self.origin or self.host

    @property
    def tls(self) -> bool:
        return self.base_url.startswith("https:")


def in_folder(folder: Path, base_url: str, *, production: bool = False) -> Settings:
    """The small installation: SQLite, papers, keys and mail in one folder."""
    folder = folder.resolve()
    return Settings(
        base_url=base_url.rstrip("/"),
        database=f"sqlite:///{folder / 'portal.db'}",
        papers=folder / "papers",
        keys=folder / "keys",
        checkpoints=folder / "checkpoints",
        mail="folder",
        mail_from="portal@mappa.example",
        production=production,
        mail_folder=folder / "mail",
    )


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Settings of `portal serve`. Raises BadSettings with the name of what is missing."""
    env = os.environ if env is None else env
    data = env.get("PORTAL_DATA")
    if data is None:
        raise BadSettings("PORTAL_DATA must name the folder that holds the portal's data")
    base_url = env.get("PORTAL_BASE_URL")
    if base_url is None:
        raise BadSettings("PORTAL_BASE_URL must be like https://portal.example.org")
    small = in_folder(Path(data), base_url)
    password_file = env.get("PORTAL_MAIL_PASSWORD_FILE")
    return Settings(
        base_url=small.base_url,
        database=env.get("PORTAL_DATABASE", small.database),
        papers=Path(env.get("PORTAL_PAPERS", small.papers)),
        keys=Path(env.get("PORTAL_KEYS", small.keys)),
        checkpoints=Path(env.get("PORTAL_CHECKPOINTS", small.checkpoints)),
        mail=env.get("PORTAL_MAIL", "folder"),
        mail_from=env.get("PORTAL_MAIL_FROM", small.mail_from),
        production=env.get("PORTAL_MODE", "production") != "development",
        trusted_proxies=int(env.get("PORTAL_TRUSTED_PROXIES", "0")),
        mail_folder=small.mail_folder,
        mail_user=env.get("PORTAL_MAIL_USER", ""),
        mail_password_file=Path(password_file) if password_file else None,
        papers_at_once=int(env.get("PORTAL_PAPERS_AT_ONCE", "8")),
        origin=env.get("PORTAL_ORIGIN", ""),
        clamd=Path(env["PORTAL_CLAMD"]) if env.get("PORTAL_CLAMD") else None,
        limits=_limits(env),
    )


def _limits(env: Mapping[str, str]) -> Limits:
    """PORTAL_LIMIT_PAGES=500 and the like: one for each field of Limits."""
    names = {f"{_LIMIT}{each.name.upper()}": each.name for each in fields(Limits)}
    found: dict[str, int | float] = {}
    for name, told in env.items():
        if not name.startswith(_LIMIT):
            continue
        if name not in names:
            raise BadSettings(f"{name} is no limit; there are {', '.join(sorted(names))}")
        try:
            number = float(told) if "." in told else int(told)
        except ValueError:
            raise BadSettings(f"{name} must be a number") from None
        if not 0 < number < 1 << 40:
            raise BadSettings(f"{name} must be more than 0")
        if isinstance(number, float) and not names[name].endswith("seconds"):
            raise BadSettings(f"{name} must be a whole number")
        found[names[name]] = number
    if found.get("bytes", 0) > Limits().bytes:
        raise BadSettings(f"{_LIMIT}BYTES must be at most {Limits().bytes}")
    return Limits(**found)  # type: ignore[arg-type]  # whole numbers where they must be
