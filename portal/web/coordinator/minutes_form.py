"""Doors of the minutes' form: its sections, one page each, then the check and the filing."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.domain.ids import SlotId
from portal.domain.minutes_form import (
    CHOICES,
    FIELDS,
    ROWS,
    SECTION_WORDS,
    Missing,
    Section,
    rows,
)
from portal.journeys.changed import Changed
from portal.journeys.minutes.read_minutes_form import read_minutes_form
from portal.journeys.minutes.set_minutes import set_minutes
from portal.journeys.minutes.write_minutes import write_minutes
from portal.journeys.minutes.writing import WrittenForm
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.minutes_form import FormPage, Progress, minutes_form_page, section_named
from portal.policy.actions import Action
from portal.web import drafts
from portal.web.coordinator.fields import put
from portal.web.coordinator.minutes_sections import (
    LABELS,
    SectionForm,
    blocks,
    initial,
    rows_of,
    section_form,
)
from portal.web.coordinator.sending_forms import LockForm
from portal.web.door import Door, me, page, parts
from portal.web.look import uk_date

door = Door("unit_minutes_form", __name__, url_prefix="/unit/slots/<slot_id>/minutes/form")

Answer = str | Response | tuple[str, int]

PROGRESS = {
    Progress.NOT_STARTED: (_l("Not yet started"), "govuk-tag--blue"),
    Progress.IN_PROGRESS: (_l("In progress"), "govuk-tag--light-blue"),
    Progress.COMPLETED: (_l("Completed"), ""),
}


@door.get("", action=Action.UNIT_MINUTES_WRITE)
def show(slot_id: SlotId) -> Answer:
    found = minutes_form_page(parts().house, me(), slot_id)
    return page(
        "coordinator/minutes_form.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_minutes.show", slot_id=slot_id),
        found=found,
        sections=SECTION_WORDS,
        progress_words=PROGRESS,
    )


@door.get("/<section>", action=Action.UNIT_MINUTES_WRITE)
def section(slot_id: SlotId, section: str) -> Answer:
    found, which = section_named(parts().house, me(), slot_id, section)
    form = read_minutes_form(parts().house, me(), slot_id)
    written = form.of(which)
    kept = drafts.kept_here()
    number = rows_of(which, [*written, *(kept or ())], 1)
    fields = section_form(which, found.agencies, number).at(request, data=initial(written))
    fields.digest.data = form.digest_of(which)
    return _section_page(found, which, fields, number)


@door.post("/<section>", action=Action.UNIT_MINUTES_WRITE)
def write(slot_id: SlotId, section: str) -> Answer:
    found, which = section_named(parts().house, me(), slot_id, section)
    number = rows_of(which, request.form, 0)
    form = section_form(which, found.agencies, number).at(request)
    if not form.validate_on_submit():
        return _section_page(found, which, form, number)
    written = form.written()
    try:
        lacks = write_minutes(parts().house, me(), slot_id, which, written, form.digest.data or "")
    except Unacceptable as refused:
        return _section_page(found, which, form, number, put(form, refused))
    except Changed as changed:
        # What was typed stays on the page; saving once more is then meant.
        form.digest.data = read_minutes_form(parts().house, me(), slot_id).digest_of(which)
        return _section_page(found, which, form, number, [{"text": changed.words}]), 409
    if lacks:
        return _unfinished(found, slot_id, which, lacks)
    if "more" in request.form:
        return redirect(url_for("unit_minutes_form.section", slot_id=slot_id, section=which))
    flash(_("%(section)s is saved.", section=SECTION_WORDS[which]), "success")
    return redirect(url_for("unit_minutes_form.show", slot_id=slot_id))


@door.get("/check", action=Action.UNIT_MINUTES_WRITE)
def check(slot_id: SlotId) -> Answer:
    return _check_page(slot_id)


@door.post("/check", action=Action.UNIT_MINUTES_FILE)
def file(slot_id: SlotId) -> Answer:
    form = LockForm.at(request)
    try:
        set_minutes(parts().house, me(), slot_id, form.digest.data or "")
    except Unacceptable as refused:
        return _check_page(slot_id, refused.words)
    flash(_("The draft is filed. The chair reads and approves it."), "success")
    return redirect(url_for("unit_minutes.show", slot_id=slot_id))


def _unfinished(
    found: FormPage, slot_id: SlotId, which: Section, lacks: tuple[Missing, ...]
) -> Answer:
    """Saved as it is, with what it still lacks beside each field."""
    saved = read_minutes_form(parts().house, me(), slot_id)
    written = saved.of(which)
    number = rows_of(which, [*written, *(each.field for each in lacks)], 0)
    form = section_form(which, found.agencies, number)(
        formdata=None, data=initial(written) | {"digest": saved.digest_of(which)}
    )
    for each in lacks:
        form[each.field].errors = [_(each.words)]
    errors = [{"text": _(each.words), "href": f"#{form[each.field].id}"} for each in lacks]
    return _section_page(found, which, form, number, errors, saved=True)


def _section_page(
    found: FormPage,
    which: Section,
    form: SectionForm,
    number: int,
    errors: list[dict[str, str]] | None = None,
    *,
    saved: bool = False,
) -> str:
    return page(
        "coordinator/minutes_section.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_minutes_form.show", slot_id=found.scene.slot.id),
        title=SECTION_WORDS[which],
        slot_id=found.scene.slot.id,
        form=form,
        blocks=blocks(which, form, number),
        listed=which in ROWS,
        errors=errors,
        saved=saved,
    )


def _check_page(slot_id: SlotId, problem: str = "") -> str:
    found = minutes_form_page(parts().house, me(), slot_id)
    form = read_minutes_form(parts().house, me(), slot_id)
    check = LockForm.at(request)
    # What is shown now is what is filed.
    check.digest.data = form.digest
    return page(
        "coordinator/minutes_check.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_minutes_form.show", slot_id=slot_id),
        found=found,
        form=check,
        sections=[(each, SECTION_WORDS[each], said(form, each, found)) for each in Section],
        lacks=form.missing,
        errors=[{"text": _(problem)}] if problem else None,
    )


def said(form: WrittenForm, which: Section, found: FormPage) -> list[tuple[str, str]]:
    """What is written in a section: question and answer, in order."""
    at = form.of(which)
    told = [
        (str(LABELS[name]), _word(name, at[name], found)) for name in FIELDS[which] if name in at
    ]
    for place, row in enumerate(rows(which, at), 1):
        told += [
            (f"{place}. {LABELS[name]}", _word(name, row[name], found))
            for name in ROWS[which]
            if row[name]
        ]
    return told


def _word(name: str, text: str, found: FormPage) -> str:
    if name in CHOICES:
        return str(_(CHOICES[name][text]))
    if name == "agency":
        return {str(each): named for each, named in found.agencies.items()}.get(text, text)
    if name in ("due", "review_on"):
        return str(uk_date(date.fromisoformat(text)))
    return text
