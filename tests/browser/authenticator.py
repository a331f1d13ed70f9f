"""A passkey device of Chromium's own, in a page: with or without a pseudo-random function."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page


class Authenticator:
    """A virtual authenticator, as the DevTools protocol has it (WebAuthn domain)."""

    def __init__(self, page: Page, *, prf: bool) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        made = self._devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "hasPrf": prf,
                    "automaticPresenceSimulation": True,
                    "isUserVerified": True,
                }
            },
        )
        self._id = {"authenticatorId": made["authenticatorId"]}

    def does_not_verify(self) -> None:
        """From now on it does not know who its user is."""
        self._devtools.send("WebAuthn.setUserVerified", {**self._id, "isUserVerified": False})

    def passkeys(self) -> list[dict[str, Any]]:
        """What it keeps."""
        found = self._devtools.send("WebAuthn.getCredentials", self._id)
        return list(found["credentials"])

    def set_count(self, count: int) -> None:
        """Be an older copy of itself, whose count of signatures is lower."""
        for each in self.passkeys():
            self._devtools.send(
                "WebAuthn.removeCredential", {**self._id, "credentialId": each["credentialId"]}
            )
            self._devtools.send(
                "WebAuthn.addCredential",
                {**self._id, "credential": {**each, "signCount": count}},
            )
