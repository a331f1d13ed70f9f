"""The pages of packs, sendings, attendance and minutes, as a screen reader and a keyboard meet
them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from portal.domain.grants import GrantState
from portal.domain.meetings import Presence
from portal.journeys.giving.take_back import take_back
from portal.web.current import encode
from tests.staging import INVITED, Stage
from tests.web.sending_pages import base
from tests.web.test_sending_doors import pages

Serve = Callable[[Any], str]


def as_configured(app: Any, host: str) -> Callable[[dict[str, Any], Any], Any]:
    """The application at its one configured address, on whatever port the test got."""

    def answer(environ: dict[str, Any], start: Any) -> Any:
        here = {"HTTP_HOST": host}
        if environ.get("HTTP_ORIGIN") == f"http://{environ['HTTP_HOST']}":
            here["HTTP_ORIGIN"] = f"http://{host}"
        return app(environ | here, start)

    return answer


def visit(
    stage: Stage, serve: Serve, open_page: Callable[..., Page], name: str, **how: Any
) -> Page:
    """A browser in which somebody is signed in."""
    address = serve(as_configured(stage.world.app, stage.world.settings.host))
    page = open_page(base_url=address, **how)
    value = encode(stage.world.begin(name))
    page.context.add_cookies([{"name": "portal", "value": value, "url": address}])
    return page


def test_every_page_is_readable_to_everybody(
    stage: Stage, serve: Serve, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    stage.arrange(["F", "update"], kept_back={"joe": ["F"]})
    stage.send()
    stage.confirm("una")
    stage.register(joe=Presence.PART, mark=Presence.APOLOGIES)
    helen = visit(stage, serve, open_page, "helen")
    helen.goto(f"{base(stage)}/attendance")
    axe(helen)
    stage.lock()
    stage.file()
    alan = visit(stage, serve, open_page, "alan")
    alan.goto(f"/minutes/{stage.slot_id}")
    axe(alan)
    stage.approve()
    for path in pages(stage):
        if not path.startswith("/minutes/"):
            helen.goto(path)
            assert helen.locator("h1").count() == 1, path
            axe(helen)
    take_back(stage.house, stage.world.who("tom"), stage.grant("joe").sending_id)
    for path in (f"/unit/sendings/{stage.grant('joe').sending_id}", base(stage)):
        helen.goto(path)
        axe(helen)


def test_errors_are_readable_too(
    stage: Stage, serve: Serve, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    stage.arrange(["F"])
    helen = visit(stage, serve, open_page, "helen")
    for path, button in (
        (f"{base(stage)}/pack/send", "Send the pack"),
        (f"{base(stage)}/attendance", "Record the attendance"),
        (f"{base(stage)}/minutes", "Check this file"),
        (f"{base(stage)}/duty/{stage.id('joe')}", "Record the duty"),
    ):
        helen.goto(path)
        helen.get_by_role("button", name=button).click()
        helen.get_by_role("heading", name="There is a problem").wait_for()
        axe(helen)
    helen.goto(f"{base(stage)}/pack")
    helen.get_by_label("Place of MAPPA F").fill("first")
    helen.get_by_role("button", name="Keep this arrangement").click()
    link = helen.get_by_role("link", name="Write a whole number, such as 2.")
    link.click()
    assert helen.evaluate("document.activeElement.name").startswith("tab_")
    axe(helen)


def test_a_pack_is_arranged_by_keyboard_without_javascript(
    stage: Stage, serve: Serve, open_page: Callable[..., Page]
) -> None:
    helen = visit(stage, serve, open_page, "helen", javascript=False)
    helen.goto(f"{base(stage)}/pack")
    helen.get_by_label("Place of Agency update").fill("2")
    helen.get_by_label("Place of MAPPA A").fill("1")
    helen.get_by_label("Place of MAPPA F").fill("3")
    box = helen.get_by_label("Give to Joe Tarn: MAPPA F")
    box.focus()
    helen.keyboard.press("Space")
    helen.get_by_role("button", name="Keep this arrangement").focus()
    helen.keyboard.press("Enter")
    helen.get_by_text("The pack is arranged. Nothing was sent.").wait_for()
    told = stage.lines("pack.arranged")[0]
    assert told["papers"] == [stage.papers[form] for form in ("A", "update", "F")]
    assert f"{stage.id('joe')} {stage.papers['A']}" in told["given"]
    assert f"{stage.id('joe')} {stage.papers['F']}" not in told["given"]
    assert len(told["given"]) == 3 * len(INVITED) - 1
    helen.get_by_role("button", name="Check who gets it, and send it").click()
    helen.get_by_label("Code from your code app").fill(stage.world.code("helen"))
    helen.get_by_role("button", name="Send the pack").click()
    helen.get_by_text("The pack is sent.").wait_for()
    assert stage.states()["joe"] is GrantState.GRANTED
