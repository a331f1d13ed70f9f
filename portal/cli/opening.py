"""What it takes to open an area, from the terminal: the same for the first one and for others.

Everything that could be refused later is refused before the recovery kit is made, and nothing is
opened before the kit was read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import click

from portal.cli.ceremony import Ceremony
from portal.cli.installation import F
from portal.crypto.age.errors import AgeError
from portal.crypto.unit import UnitKey
from portal.domain.ids import AgencyId
from portal.domain.people import Agency, Area, Role
from portal.identity import passphrase
from portal.identity.passphrase import WeakPassphrase
from portal.journeys.joining.new_account import NewPerson, checked
from portal.journeys.running.init_area import KitNotReadBack, NewArea, init_area
from portal.journeys.unacceptable import Unacceptable
from portal.notices import fields
from portal.notices.letters import is_address
from portal.wiring import Wiring

_OPTIONS = (
    click.option("--area", "area_name", prompt="Name of the area"),
    click.option("--title", prompt="Title of the co-ordinator", default="MAPPA Co-ordinator"),
    click.option("--phone", prompt="Telephone number of the unit"),
    click.option("--unit-email", prompt="E-mail address of the unit"),
    click.option("--host-agency", prompt="Agency that hosts the unit", default="Probation Service"),
    click.option("--secure-way", prompt="Its secure way of receiving papers", default="CJSM"),
    click.option("--name", prompt="Name of the first co-ordinator"),
    click.option("--email", prompt="Their e-mail address"),
    click.option("--job", prompt="Their job", default="Co-ordinator"),
    click.option("--own-phone", prompt="Their telephone number"),
    click.option(
        "--custodians",
        type=click.IntRange(2, 7),
        default=3,
        prompt="Custodians of the recovery kit",
    ),
    click.option(
        "--needed", type=click.IntRange(2, 7), default=2, prompt="How many of them are needed"
    ),
    click.option(
        "--custodian-sheets",
        type=click.Path(path_type=Path, file_okay=False),
        help="Write each custodian's sheet to this folder, instead of showing it.",
    ),
    click.option(
        "--read-back",
        type=click.Path(path_type=Path, file_okay=False),
        help="Read the sheets back from this folder, instead of asking.",
    ),
    click.option(
        "--passphrase-file",
        type=click.File("r", encoding="utf-8"),
        help="First line: the passphrase.",
    ),
    click.option(
        "--secret-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the secret of the code app here, and take its code from it.",
    ),
    click.option(
        "--codes-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the codes on paper here, instead of asking for one back.",
    ),
)


def area_options(command: F) -> F:
    """The area, its unit, its first co-ordinator, its recovery kit; each asked for where it is not
    given. `--custodian-sheets` and the other files are for scripts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def open_area(
    wired: Wiring, area: NewArea, needed: int, custodians: int, ceremony: Ceremony
) -> tuple[Area, Agency, UnitKey]:
    """The area, the agency that hosts its unit, and the unit's key. Raises ClickException or Abort;
    then nothing was opened, and the kit's files are gone."""
    try:
        return init_area(wired.house, area, needed, custodians, ceremony.hand_out)
    except (KitNotReadBack, AgeError, ValueError, click.ClickException) as trouble:
        ceremony.forget()
        why = trouble.message if isinstance(trouble, click.ClickException) else ""
        raise click.ClickException(
            f"The recovery kit was not read back, so nothing was opened. {why}".strip()
        ) from None
    except click.Abort:
        ceremony.forget()
        raise


def checked_texts(texts: Mapping[str, str]) -> tuple[NewArea, NewPerson]:
    """Everything that could be refused later is refused now. Raises ClickException."""
    text = {name: value.strip() for name, value in texts.items()}
    try:
        fields.READERS["area"](text["area_name"])
        fields.READERS["phone"](text["phone"])
        first = checked(
            NewPerson(
                text["name"],
                text["email"],
                text["job"],
                text["own_phone"],
                AgencyId(""),
                frozenset({Role.COORDINATOR}),
            )
        )
    except fields.BadField as bad:
        raise click.ClickException(f"{bad} cannot stand in a letter: write it plainly.") from None
    except Unacceptable as bad:
        raise click.ClickException(bad.words) from None
    if not is_address(text["unit_email"]):
        raise click.ClickException("The unit's e-mail address is not one.")
    area = NewArea(
        text["area_name"],
        text["title"],
        text["phone"],
        text["unit_email"],
        text["host_agency"],
        text["secure_way"],
    )
    return area, first


def first_line(file: IO[str] | None) -> str:
    """The first line of the file; empty where no file is given. Raises ClickException."""
    if file is None:
        return ""
    typed_clear = file.readline().rstrip("\r\n")
    if not typed_clear:
        raise click.ClickException("The first line of the passphrase file is empty.")
    return typed_clear


def judge_new(typed_clear: str, area: NewArea, first: NewPerson) -> None:
    """A passphrase that a newcomer brings is judged before anything is made. Raises
    ClickException."""
    if not typed_clear:
        return
    known = [first.name, first.email, area.host_agency, area.name, first.job]
    try:
        passphrase.check(typed_clear, known)
    except WeakPassphrase as weak:
        raise click.ClickException(weak.words) from None
