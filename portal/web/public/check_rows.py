"""What "Check this computer" has found, in words, and the note for whoever looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _

from portal.settings import Settings
from portal.web.intake import BESIDE
from portal.web.look import uk_datetime


class Light(StrEnum):
    """How a check came out. LOOK: the person compares by eye; OPEN: not checked yet."""

    WORKS = "works"
    FAILS = "fails"
    LOOK = "look"
    OPEN = "open"


@dataclass(frozen=True)
class Row:
    """One check. `works` and `fails` are what a script puts in place of `words`."""

    key: str
    name: str
    light: Light
    words: str
    works: str = ""
    fails: str = ""


def light_words() -> dict[Light, tuple[str, str]]:
    """Each light's word and the class of its tag."""
    return {
        Light.WORKS: (_("Works"), "govuk-tag--green"),
        Light.FAILS: (_("Does not work"), "govuk-tag--red"),
        Light.LOOK: (_("Compare"), "govuk-tag--yellow"),
        Light.OPEN: (_("Not checked yet"), "govuk-tag--grey"),
    }


def rows(
    settings: Settings, now: datetime, answers: Mapping[str, str], *, cookies: bool
) -> list[Row]:
    """`answers`: what this browser was seen to do before, by the key of the check."""
    without = _("Only a script can check this, and this browser runs none.")
    return [
        Row("page", _("Pages of the portal"), Light.WORKS, _page_words(settings)),
        Row("cookies", _("Cookies"), Light.WORKS, _("This browser keeps the portal's cookies."))
        if cookies
        else Row(
            "cookies", _("Cookies"), Light.FAILS,
            _("This browser does not keep the portal's cookies. Nobody can sign in without them."),
        ),
        Row(
            "scripts", _("Scripts"), Light.OPEN,
            _("No script of the portal ran. Everything but passkeys works without them."),
            works=_("Scripts of the portal run."),
        ),
        Row(
            "clock", _("Clock"), Light.LOOK,
            _("The portal's clock said %(time)s and %(seconds)d seconds when this page was made. "
              "The clock of this computer should say the same, to the minute.",
              time=uk_datetime(now), seconds=now.second),
            works=_("The clock of this computer is right, to the minute."),
            fails=_("The clock of this computer is [minutes] minutes wrong. A code app on this "
                    "computer makes wrong codes until it is put right."),
        ),
        Row(
            "unaltered", _("Files come unaltered"), Light.OPEN, without,
            works=_("A sample file came whole and unaltered."),
            fails=_("The sample file did not come, or was altered on its way."),
        ),
        _asked(
            "saved", _("Saving a file"), answers,
            _("You saved the sample paper."), _("The sample paper could not be saved."),
        ),
        _asked(
            "opened", _("Opening a PDF"), answers,
            _("You read the word in the sample paper."),
            _("The sample paper was saved but did not open."),
        ),
        _upload(settings, answers),
        Row(
            "passkeys", _("Passkeys"), Light.OPEN,
            without + " " + _("You do not need one: a code app, a key-fob or a card does."),
            works=_("This computer can make a passkey."),
            fails=_("This computer makes no passkey by itself. You do not need one: a code app, a "
                    "key-fob or a card does."),
        ),
    ]  # fmt: skip


def note(settings: Settings, found: list[Row], browser: str) -> str:
    """The note to copy and send to IT, with one line for each check."""
    port = "" if ":" in settings.host else (":443" if settings.tls else ":80")
    lights = light_words()
    return "\n".join(
        [
            _("What computers need for the MAPPA portal"),
            "",
            _("Address: %(url)s (%(host)s)", url=settings.base_url, host=settings.host + port),
            _("Please allow:"),
            _("- HTTPS to this address. Nothing is loaded from any other address."),
            _("- its cookies (its own only)."),
            _("- downloads of PDF files (application/pdf, sent as attachments), unaltered."),
            _("- uploads of files (POST, multipart/form-data) of up to %(size)d MB.",
              size=(settings.limits.bytes + BESIDE) // 1048576),
            _("- its scripts, and passkeys (WebAuthn). It can be used without both."),
            _("- letters from %(sender)s.", sender=settings.mail_from),
            _("- a clock that is right to the minute."),
            "",
            _("Found on this computer:"),
            *[f"- {row.name}: {lights[row.light][0]}. {row.words}" for row in found],
            _("- Browser: %(browser)s", browser=browser[:300]),
        ]
    )  # fmt: skip


def _page_words(settings: Settings) -> str:
    if settings.tls:
        return str(_("This page came from %(host)s, encrypted.", host=settings.host))
    return str(_("This page came from %(host)s.", host=settings.host))


def _asked(key: str, name: str, answers: Mapping[str, str], works: str, fails: str) -> Row:
    light = {"yes": Light.WORKS, "no": Light.FAILS}.get(answers.get(key, ""), Light.OPEN)
    told = {Light.WORKS: works, Light.FAILS: fails}
    return Row(key, name, light, told.get(light, _("Save the sample paper, below.")))


def came_before(answers: Mapping[str, str]) -> int:
    """Of how many bytes the largest file was that this browser was seen to send; 0 for none."""
    told = str(answers.get("sent", ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 12 else 0


def _upload(settings: Settings, answers: Mapping[str, str]) -> Row:
    name, limit, came = _("Sending a file"), settings.limits.bytes, came_before(answers)
    works = _("A file of [size] MB came here whole: the portal takes none that is larger.")
    fails = _(
        "A file of [size] MB was stopped on its way here, by a filter or a proxy. The largest that "
        "came through was of [through] MB."
    )
    if came >= limit:
        light, words = Light.WORKS, works.replace("[size]", _megabytes(limit))
    elif came:
        light, words = Light.WORKS, _(
            "A file of %(size)s MB came here whole. The portal takes files of up to %(most)s MB: "
            "whether one as large comes through was not seen.",
            size=_megabytes(came), most=_megabytes(limit),
        )  # fmt: skip
    elif answers.get("sent") == "other":
        light, words = Light.FAILS, _(
            "A file came, but not the sample paper as it went out: it was altered."
        )  # fmt: skip
    else:
        light, words = Light.OPEN, _("Send one, below. If no answer comes, files are stopped.")
    return Row("sent", name, light, words, works=works, fails=fails)


def _megabytes(size: int) -> str:
    return str(max(1, size // 1048576)) if size else "0"
