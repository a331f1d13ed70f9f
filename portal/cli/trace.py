"""`portal trace`: whose copy a file is, that turned up where it should not be."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.crypto.serverkeys import BadServerKeys
from portal.settings import BadSettings

_LARGEST = 500 * 1024 * 1024


@click.command("trace")
@data_option
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--reference", "written", metavar="REF", help="The reference, read from the foot of a page."
)
def command(data: Path, file: Path | None, written: str | None) -> None:
    """Say whose copy FILE is, by the reference on its pages, in its metadata or in its /ID.

    Each copy that is found leaves a line in its area's record before it is told. Marks deter and
    attribute; whoever edits a PDF can take them off or put another's there, so what is told here is
    a beginning, and no proof against anybody.
    """
    from portal.documents.refusal import RefusedPaper
    from portal.documents.trace import references_in
    from portal.domain.clocks import in_words
    from portal.domain.copies import written_in
    from portal.journeys.copies.trace_copy import trace_copy
    from portal.wiring import wire

    if (file is None) == (written is None):
        raise click.UsageError("Name a file, or give --reference.")
    if file is not None and file.stat().st_size > _LARGEST:
        raise click.ClickException("The file is larger than 500 MiB.")
    try:
        found = tuple(written_in(written.upper())) if written else ()
        found = found or (references_in(file.read_bytes()) if file else ())
    except RefusedPaper as refused:
        raise click.ClickException(
            f"The file cannot be read as a PDF ({refused.code.value}). If you can see the foot of "
            "a page, give what follows the word ref there: --reference"
        ) from None
    if not found:
        raise click.ClickException("There is no reference of a copy in this.")
    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    engine.dispose()
    try:
        house = wire(settings).house
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None
    told = trace_copy(house, found)
    for each in told:
        click.echo(f"Copy        {each.reference}")
        click.echo(f"Opened by   {each.name}{f', {each.agency}' if each.agency else ''}")
        click.echo(f"At          {in_words(each.opened_at)}, London ({each.deed.value})")
        click.echo(f"Of          {each.of or 'something whose rows are gone'}")
        stands = "stands under a signed checkpoint" if each.proven else "DOES NOT PROVE"
        click.echo(f"Record      {each.area}, line {each.position}: {stands}")
    if not told:
        raise click.ClickException("No copy that was opened here has this reference.")
