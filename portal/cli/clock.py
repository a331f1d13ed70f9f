"""`portal clock`: look at the clock that decides what opens, and accept it."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.crypto.serverkeys import BadServerKeys
from portal.settings import BadSettings


@click.group("clock")
def group() -> None:
    """Look at the clock, and accept it after it was put right."""


@group.command("accept")
@data_option
@click.option("--yes", is_flag=True, help="Do not ask: the time was compared already.")
def accept_command(data: Path, yes: bool) -> None:
    """Say that the clock is right as it stands. It leaves a line in the record.

    While the clock is in doubt nothing opens. Put the clock right first; then compare what is
    shown with a clock that you trust.
    """
    from portal.domain.clocks import in_words
    from portal.journeys.running.accept_clock import accept_clock, clock_trouble
    from portal.wiring import wire

    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    engine.dispose()
    try:
        house = wire(settings).house
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None
    for area, trouble in clock_trouble(house).items():
        click.echo(f"{area}: {trouble}")
    click.echo(f"This computer says that it is {in_words(house.clock.now())} in London.")
    if not yes:
        click.confirm("Is that right, to the minute?", abort=True)
    wall, told = accept_clock(house)
    click.echo(f"Accepted at {wall:%Y-%m-%d %H:%M:%S} UTC, in the record of {len(told)} area(s).")
