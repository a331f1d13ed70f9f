"""Pages that the long walks do not meet, in a real browser: nothing for axe to complain of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.domain.grants import SendingKind
from portal.domain.ids import RequestId, SendingId
from portal.domain.packs import Others
from portal.journeys.copies.ask_trace import ask_trace
from portal.journeys.reports.read_changes import read_changes
from portal.records import papers, sendings
from portal.records.database import reading
from portal.web.current import encode
from tests.journeys.test_compare_drafts import two_drafts
from tests.journeys.test_corrected_in_pack import chosen, correct, go
from tests.record.test_accessible import signed_in
from tests.staging import Stage

Axe = Callable[[Page], None]
OpenPage = Callable[..., Page]
Serve = Callable[[Any], str]

pytestmark = pytest.mark.real("Chromium")


def paths_of(stage: Stage, name: str) -> list[str]:
    """What this person visits, once what they would see is there."""
    slot, newcomer = f"/unit/slots/{stage.slot_id}", stage.id("newcomer")
    if name == "helen":
        stage.arrange(["A", "F"], annexes={"update": (Others.SIGNPOST, ["mark"])})
        newer = correct(stage)
        stage.send()
        annex = annex_of(stage)
        correct(stage, "update", "ruth")
        seen = read_changes(stage.house, stage.world.who("priya"), stage.slot_id, newer)
        found = ask_trace(
            stage.house,
            stage.world.who("tom"),
            "It lay on a bus in Elmsworth.",
            written=seen.mark.reference,
        )
        police = stage.world.agency("police").id
        return [
            f"{slot}/pack", f"{slot}/changes/{newer}", f"{slot}/ready", "/unit/people/list",
            "/unit/people/", f"/unit/people/{stage.id('mark')}/card", f"/unit/agencies/{police}",
            "/unit/agencies/new", "/unit/originals", "/unit/sign-on/",
            f"/unit/sign-on/{police}/settings", "/record/traces/", "/record/traces/new",
            f"/record/traces/{found}", f"/unit/sendings/{annex}",
            f"/unit/sendings/{annex}/correct",
            f"/unit/requests/{asked_of(stage, 'update')}/original",
        ]  # fmt: skip
    at = "/agency/people"
    return [f"{at}/", f"{at}/invite", f"{at}/certify", f"{at}/{newcomer}/cover",
            f"{at}/{newcomer}/remove"]  # fmt: skip


def annex_of(stage: Stage) -> SendingId:
    with reading(stage.house.engine) as db:
        found = sendings.sendings_in(db, stage.world.area.id)
    return next(each.id for each in found if each.kind is SendingKind.ANNEX)


def asked_of(stage: Stage, form: str) -> RequestId:
    with reading(stage.house.engine) as db:
        found = papers.requests_for(db, stage.world.area.id, stage.slot_id)
    return next(each.id for each in found if each.form_code == form)


def look(page: Page, axe: Axe) -> None:
    assert page.locator("h1").count() == 1, page.url
    axe(page)
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{page.url} is wider than the window"


@pytest.mark.parametrize("name", ["helen", "grace"])
def test_axe_finds_nothing(
    stage: Stage, open_page: OpenPage, serve: Serve, axe: Axe, name: str
) -> None:
    paths = paths_of(stage, name)
    page, server = open_page(), serve(signed_in(stage, name))
    for path in paths:
        answer = page.goto(server + path)
        assert answer is not None
        assert answer.status == 200, path
        look(page, axe)


def with_cookies(stage: Stage, name: str) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """As `signed_in`, with the cookies that the browser got: forms can be sent."""
    cookie = f"portal={encode(stage.world.begin(name))}"
    app = stage.world.app

    def through(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        kept = [each for each in (environ.get("HTTP_COOKIE"), cookie) if each]
        environ |= {"HTTP_HOST": stage.world.settings.host, "HTTP_COOKIE": "; ".join(kept)}
        # The form was shown to the browser under the address of this server.
        for origin in ("HTTP_ORIGIN", "HTTP_REFERER"):
            environ.pop(origin, None)
        return app(environ, start)

    return through


def press(stage: Stage, open_page: OpenPage, serve: Serve, name: str, at: str, words: str) -> Page:
    page, server = open_page(), serve(with_cookies(stage, name))
    page.goto(server + at)
    page.get_by_role("button", name=words).click()
    return page


def test_nor_in_what_changed_for_a_reader(
    stage: Stage, open_page: OpenPage, serve: Serve, axe: Axe
) -> None:
    stage.arrange()
    stage.send()
    newer = correct(stage)
    stage.accept("mark")
    go(stage, chosen(stage, newer, "mark"))
    at = f"/papers/{stage.grant('mark').id}"
    page = press(stage, open_page, serve, "mark", at, "What changed in MAPPA F")
    assert page.get_by_role("heading", name="What changed").count() == 1
    look(page, axe)


def test_nor_between_two_drafts(stage: Stage, open_page: OpenPage, serve: Serve, axe: Axe) -> None:
    two_drafts(stage)
    at = f"/minutes/{stage.slot_id}"
    page = press(stage, open_page, serve, "alan", at, "What changed since the last draft")
    assert page.get_by_role("heading", name="Page 1 changed").count() == 1
    look(page, axe)
