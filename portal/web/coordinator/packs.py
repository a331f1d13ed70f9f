"""Doors of a pack before it goes: arranging it, looking at a reader's copy, sending it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.clocks import london
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.packs import LEFT_OUT_WORDS, OTHERS_WORDS
from portal.journeys.changed import Changed
from portal.journeys.packs.arrange_pack import Arrangement, BecomesAnnex, arrange_pack
from portal.journeys.packs.preview_pack import preview_annex as preview_annex_of
from portal.journeys.packs.preview_pack import preview_pack
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.reports.use_newer import use_newer
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pack import ArrangePage, arrange_page, send_page
from portal.policy.actions import Action
from portal.web.coordinator.becoming_annex import chosen_anew
from portal.web.coordinator.fields import put
from portal.web.coordinator.sending_forms import ArrangeForm, PackConfirmForm, arrange_form
from portal.web.door import Door, me, page, parts, pdf_answer

door = Door("unit_packs", __name__, url_prefix="/unit/slots/<slot_id>/pack")

Answer = str | Response | tuple[str, int]

NOTHING = "There is no paper in the pack, nobody to send it to, or its time is over. Arrange it."


@door.get("", action=Action.UNIT_PACK_READ)
def arrange(slot_id: SlotId) -> Answer:
    found = arrange_page(parts().house, me(), slot_id)
    return _arrange_page(found, _form(found))


@door.post("", action=Action.UNIT_PACK_ARRANGE)
def keep(slot_id: SlotId) -> Answer:
    found = arrange_page(parts().house, me(), slot_id)
    form, errors = _form(found), None
    if form.validate_on_submit():
        try:
            arrange_pack(
                parts().house,
                me(),
                slot_id,
                Arrangement(
                    form.order([paper.version_id for paper in found.papers]),
                    form.given(),
                    form.opens,
                    form.closes,
                    form.annexes([paper.version_id for paper in found.papers]),
                    frozenset(map(VersionId, form.looked.data or ())),
                ),
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        except BecomesAnnex as refused:
            errors = chosen_anew(found, form, refused.papers)
        else:
            flash(_("The pack is arranged. Nothing was sent."), "success")
            return redirect(url_for("unit_packs.arrange", slot_id=slot_id))
    return _arrange_page(found, form, errors)


@door.post("/newer/<version_id>", action=Action.UNIT_PACK_ARRANGE)
def newer(slot_id: SlotId, version_id: VersionId) -> Answer:
    use_newer(parts().house, me(), slot_id, version_id)
    flash(_("The newer version is in the pack now. Nothing was sent."), "success")
    return redirect(url_for("unit_packs.arrange", slot_id=slot_id))


def _form(found: ArrangePage) -> ArrangeForm:
    kind = arrange_form(
        {paper.version_id: f"{paper.title} ({paper.owner})" for paper in found.papers},
        {person: name for person, name, _agency in found.readers},
        [each.version_id for paper in found.papers for each in paper.extracts],
    )
    opens, closes = london(found.opens_at), london(found.closes_at)
    data: dict[str, object] = {
        "opens_on": opens.date(),
        "opens_at": opens.time(),
        "closes_on": closes.date(),
        "closes_at": closes.time(),
        "gets": [f"{person} {v}" for person, papers in found.given.items() for v in papers],
    }
    for paper in found.papers:
        data[f"in_{paper.version_id}"] = paper.tab is not None
        data[f"tab_{paper.version_id}"] = str(paper.tab or "")
        data[f"as_{paper.version_id}"] = "" if paper.others is None else paper.others.value
    return kind.at(request, data=data)


def _arrange_page(
    found: ArrangePage, form: ArrangeForm, errors: list[dict[str, str]] | None = None
) -> Answer:
    return page(
        "coordinator/pack_arrange.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_slots.slot", slot_id=found.at.slot.id),
        found=found,
        form=form,
        errors=errors,
    )


@door.post("/preview/<person_id>", action=Action.UNIT_PACK_PREVIEW)
def preview(slot_id: SlotId, person_id: PersonId) -> Answer:
    clear = preview_pack(parts().house, me(), slot_id, person_id)
    return pdf_answer(clear, "PREVIEW.pdf")


@door.post("/preview/<person_id>/annex/<version_id>", action=Action.UNIT_PACK_PREVIEW)
def preview_annex(slot_id: SlotId, person_id: PersonId, version_id: VersionId) -> Answer:
    clear = preview_annex_of(parts().house, me(), slot_id, person_id, version_id)
    return pdf_answer(clear, "PREVIEW.pdf")


@door.get("/send", action=Action.DECIDE_PACK_SEND)
def confirm(slot_id: SlotId) -> Answer:
    return _send_page(slot_id, PackConfirmForm.at(request))


@door.post("/send", action=Action.DECIDE_PACK_SEND)
def send(slot_id: SlotId) -> Answer:
    form, errors, status = PackConfirmForm.at(request), None, 200
    if form.validate_on_submit():
        try:
            sent = send_pack(
                parts().house,
                me(),
                slot_id,
                form.digest.data,
                form.given(),
                form.reason.data or "",
                download=form.download.data,
                download_annexes=frozenset(map(VersionId, form.download_annexes.data or ())),
                late=form.late.data,
            )
        except CodeRefused as refused:
            errors = put(form, Unacceptable("code", refused.words))
        except Unacceptable as refused:
            errors = put(form, refused)
        except NothingToSend:
            errors = [{"text": _(NOTHING)}]
        except Changed as changed:
            errors, status = [{"text": changed.words}], 409
        else:
            flash(_("The pack is sent."), "success")
            return redirect(url_for("unit_sendings.sending", sending_id=sent.sending.id))
    return _send_page(slot_id, form, errors), status


def _send_page(
    slot_id: SlotId, form: PackConfirmForm, errors: list[dict[str, str]] | None = None
) -> str:
    found = send_page(parts().house, me(), slot_id)
    form.offer(found.annex_titles)
    # What is shown now is what the next code confirms, whatever was shown before.
    form.digest.data = found.digest
    return page(
        "coordinator/pack_send.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_packs.arrange", slot_id=slot_id),
        found=found,
        form=form,
        errors=errors,
        left_out_words=LEFT_OUT_WORDS,
        others_words=OTHERS_WORDS,
    )
