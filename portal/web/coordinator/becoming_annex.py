"""A paper becomes a restricted annex: who gets it is asked again before it is kept (rule 31)."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.domain.ids import VersionId
from portal.journeys.views.pack import ArrangePage
from portal.web.coordinator.sending_forms import ArrangeForm


def chosen_anew(
    found: ArrangePage, form: ArrangeForm, papers: Sequence[VersionId]
) -> list[dict[str, str]]:
    """The error summary, with one line for each of `papers`; the form is changed for its next
    showing. Nobody stays ticked for a paper whose ticks were only proposed; whoever was chosen by
    hand stays, and is named."""
    errors = []
    names = {person: name for person, name, _agency in found.readers}
    for paper in (each for each in found.papers if each.version_id in papers):
        version = paper.version_id
        called = f"{paper.title}, {paper.owner}"
        ticked = form.ticked(version)
        shown = {person for person, proposed in found.given.items() if version in proposed}
        if ticked == shown:
            form.untick(version)
            words = _(
                "%(paper)s becomes a restricted annex. Nobody is ticked for it now: tick each "
                "person who gets it, then keep the arrangement.",
                paper=called,
            )
        else:
            words = _(
                "%(paper)s becomes a restricted annex, and goes to %(names)s alone. If that is "
                "right, keep the arrangement.",
                paper=called,
                names=", ".join(sorted(names[person] for person in ticked)),
            )
        form.looked.data = [*(form.looked.data or ()), version]
        errors.append({"text": words, "href": f"#gets-{found.readers[0][0]}-{version}"})
    return errors
