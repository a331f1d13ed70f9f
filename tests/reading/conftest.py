"""What the tests of readers share: the `stage`, a meeting with its papers in (tests/staging.py)."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from tests.documents.making import saved
from tests.staging import BORN, Places, Stage
from tests.staging_fixture import stage, staged, world_template

__all__ = ["stage", "staged", "with_a_large_paper", "world_template"]

SIDE = 560


def photograph() -> bytes:
    """A PDF of one page that no compression makes smaller."""
    pdf = Pdf.new()
    image = Stream(
        pdf,
        secrets.token_bytes(SIDE * SIDE * 3),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=SIDE,
        Height=SIDE,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )
    made = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, 595, 842]),
        Resources=Dictionary(XObject=Dictionary(Im=image)),
        Contents=Stream(pdf, b"q 400 0 0 400 90 200 cm /Im Do Q"),
    )
    pdf.pages.append(Page(pdf.make_indirect(made)))
    return saved(pdf)


def with_a_large_paper(stage: Stage) -> Stage:
    """The same stage, with a fourth paper of about a megabyte in a pack open for an hour."""
    house, world = stage.house, stage.world
    police = world.agency("police").id
    asked = ask_for_report(
        house, world.who("helen"), stage.slot_id, police, "risk", date(2026, 5, 20)
    )
    carys = world.who("carys")
    examined = examine_report(house, carys, asked.request.id, photograph())
    done = submit_report(house, carys, asked.request.id, examined.candidate_id, BORN)
    forms = {**stage.papers, "risk": done.version_id}
    found = Stage(world, Places(stage.case_id, stage.slot_id, forms))
    closes_at = world.clock.now() + timedelta(hours=1)
    found.arrange(("A", "F", "update", "risk"), closes_at=closes_at)
    return found
