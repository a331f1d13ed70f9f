"""The frame of every page: escaped, whole HTML5, readable without JavaScript and to axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask, render_template, request
from flask_wtf import CSRFProtect, FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from playwright.sync_api import Page
from wtforms import StringField
from wtforms.validators import InputRequired

from portal.web import look
from portal.web.headers import protect
from portal.web.look import uk_date, uk_datetime, uk_time

ME = {
    "name": "Helen Marsh",
    "role": "MAPPA Co-ordinator",
    "area": "Westmere",
    "links": [
        {"text": "Today", "href": "/", "current": True},
        {"text": "Cases", "href": "/cases"},
    ],
}
FRAME = {
    "me": ME,
    "marking": {"case": "WM/2026/014"},
    "back": "/cases",
    "things": [1],
    "notice": {"kind": "success", "text": "The pack was sent."},
}
ERRORS = ("400", "403", "404", "405", "413", "429", "500", "503", "outsider")

PARTS = """
{% extends "base/form.html" %}
{% from "components/forms.html" import code_field, confirm_with_code, file_upload %}
{% from "components/buttons.html" import one_button, take_back %}
{% from "components/times.html" import readable %}
{% from "components/govuk.html" import govukTag, govukSummaryList, govukTable, govukDetails,
   govukWarningText, govukTextarea %}
{% block heading %}Send a report{% endblock %}
{% block before %}
  {{ readable(at, at) }}
  {{ govukTag({"text": "Sent"}) }}
  {{ govukWarningText({"text": "Read before you send.", "iconFallbackText": "Warning"}) }}
  {{ govukSummaryList({"rows": [{"key": {"text": "Sent to"}, "value": {"text": hostile}}]}) }}
  {{ govukTable({"caption": "Papers", "head": [{"text": "Paper"}],
                "rows": [[{"text": hostile}]]}) }}
  {{ govukDetails({"summaryText": "What is removed", "text": "Scripts and links."}) }}
  {{ take_back("/sent/1/take-back", "from " ~ hostile) }}
  {{ one_button("/remind", "Remind", hostile) }}
{% endblock %}
{% block fields %}
  {{ file_upload("report", "MAPPA F", hint="A PDF.", error="Choose a file.") }}
  {{ govukTextarea({"id": "why", "name": "why", "label": {"text": "Why"}}) }}
{% endblock %}
{% block after %}
  <form method="post" novalidate>{{ confirm_with_code("d1g357", "Send") }}</form>
{% endblock %}
"""
LIST = """
{% extends "base/list.html" %}
{% block heading %}Papers{% endblock %}
{% block rows %}<ul><li>A report</li></ul>{% endblock %}
"""
ONE_FIELD = """
{% extends "base/form.html" %}
{% block heading %}Who{% endblock %}
{% block fields %}{{ form.name }}{% endblock %}
"""
HOSTILE = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"
AT = datetime(2026, 5, 14, 8, 2, tzinfo=UTC)


class Named(FlaskForm):
    """A form with one required field."""

    name = StringField("Name", widget=GovTextInput(), validators=[InputRequired("Give a name.")])


@pytest.fixture
def app() -> Flask:
    made = Flask("portal", static_folder=None)
    made.config |= {"SECRET_KEY": "only in this test", "TESTING": True}
    protect(made, tls=False)
    look.dress(made)
    CSRFProtect(made)

    @made.get("/base/<name>")
    def frame(name: str) -> str:
        return render_template(f"base/{name}.html", **FRAME)

    @made.get("/errors/<name>")
    def error(name: str) -> str:
        return render_template(f"errors/{name}.html", telephone="01632 960 000")

    @made.route("/parts", methods=["GET", "POST"])
    def parts() -> str:
        if request.method == "POST":
            return render_template("errors/404.html")
        return made.jinja_env.from_string(PARTS).render(
            **FRAME, hostile=HOSTILE, at=AT, upload={"limit": 1000}
        )

    @made.get("/list")
    def some() -> str:
        return made.jinja_env.from_string(LIST).render(**FRAME)

    @made.route("/named", methods=["GET", "POST"])
    def named() -> str:
        form = Named()
        form.validate_on_submit()
        return made.jinja_env.from_string(ONE_FIELD).render(form=form)

    return made


def fetch(app: Flask, path: str) -> str:
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return answer.text


WHOLE_PAGES = [*(f"/errors/{name}" for name in ERRORS), "/parts", "/list", "/named"]
ALL_PAGES = [*(f"/base/{name}" for name in ("page", "form", "list", "message")), *WHOLE_PAGES]


@pytest.mark.parametrize("path", ALL_PAGES)
def test_every_page_is_html5(app: Flask, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(fetch(app, path))


def test_hostile_text_stays_text(app: Flask) -> None:
    page = fetch(app, "/parts")
    assert "<img" not in page
    assert "49" not in page.partition("<main")[2]
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 4


def test_a_page_with_case_content_says_so_at_head_and_foot(app: Flask) -> None:
    page = fetch(app, "/base/page")
    assert page.count("OFFICIAL-SENSITIVE") == 2
    assert "WM/2026/014" in page


def test_an_outsider_is_told_nothing(app: Flask) -> None:
    page = fetch(app, "/errors/outsider")
    for word in ("OFFICIAL-SENSITIVE", "Sign out", "closed", "taken back", "meeting", "01632"):
        assert word not in page


def test_nobody_signed_in_sees_no_sign_out(app: Flask) -> None:
    assert "Sign out" not in fetch(app, "/errors/404")


def test_signing_out_is_a_post_with_a_token(app: Flask) -> None:
    page = fetch(app, "/base/page")
    form = page[page.index('action="/sign-out"') :]
    assert 'name="csrf_token" value="' in form[: form.index("</form>")]


def test_errors_of_a_form_are_summed_up_and_linked(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    token = client.get("/named").text.split('name="csrf_token" value="')[1].split('"')[0]
    page = client.post("/named", data={"csrf_token": token}).text
    assert "<title>Error: Who" in page
    assert 'href="#name"' in page
    assert page.count("Give a name.") == 2


def test_nothing_of_gov_uk_alone_is_on_a_page_or_in_the_styles(app: Flask) -> None:
    style = built("portal.css").read_text("utf-8")
    for alien in ("crown", "crest", "GDS Transport", "@font-face", "url("):
        assert alien not in style
    assert "crown" not in fetch(app, "/base/page").lower()


@pytest.mark.real("GOV.UK Frontend styles")
def test_pages_name_built_files_that_are_there(app: Flask) -> None:
    page = fetch(app, "/base/page")
    for name in ("portal.css", "portal.js", "icon.svg"):
        address = f"/static/built/{built(name).parent.name}/{name}"
        assert address in page
        with app.test_client().get(address) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]


def built(name: str) -> Path:
    folder = look.STATIC / "built"
    return folder / (folder / "current").read_text() / name


def test_without_the_styles_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "STATIC", tmp_path)
    with pytest.raises(look.StylesMissing, match="make setup"):
        look.dress(Flask("portal"))


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        ((2026, 5, 14, 8, 2), "14 May 2026 at 9:02am"),
        ((2026, 1, 4, 9, 2), "4 January 2026 at 9:02am"),
        ((2026, 6, 30, 23, 0), "1 July 2026 at midnight"),
        ((2026, 12, 1, 12, 0), "1 December 2026 at midday"),
        ((2026, 12, 1, 12, 1), "1 December 2026 at 12:01pm"),
        ((2026, 12, 1, 0, 5), "1 December 2026 at 12:05am"),
        ((2026, 12, 1, 17, 0), "1 December 2026 at 5pm"),
        ((2026, 3, 29, 0, 59), "29 March 2026 at 12:59am"),
        ((2026, 3, 29, 1, 0), "29 March 2026 at 2am"),
    ],
)
def test_moments_are_told_in_london(utc: tuple[int, ...], words: str) -> None:
    assert uk_datetime(datetime(*utc, tzinfo=UTC)) == words  # type: ignore[misc,arg-type]


def test_any_zone_is_brought_to_london() -> None:
    there = datetime(2026, 5, 14, 3, 2, tzinfo=timezone(timedelta(hours=-5)))
    assert uk_time(there) == "9:02am"


def test_a_day_is_a_day_anywhere() -> None:
    assert uk_date(date(2026, 5, 4)) == "4 May 2026"


@pytest.mark.parametrize("tell", [uk_date, uk_time, uk_datetime, look.iso_datetime])
def test_a_moment_without_a_zone_is_refused(tell: Callable[[Any], str]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        tell(datetime(2026, 5, 14, 9, 2))  # noqa: DTZ001


@pytest.fixture
def site(app: Flask, serve: Callable[[Flask], str]) -> str:
    return serve(app)


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("own_scripts", [True, False])
def test_every_page_passes_axe_with_its_scripts_and_without(
    site: str, open_page: Callable[..., Page], axe: Callable[[Page], None], own_scripts: bool
) -> None:
    page = open_page(own_scripts=own_scripts)
    for path in WHOLE_PAGES:
        page.goto(site + path)
        axe(page)


@pytest.mark.real("Chromium")
def test_every_page_can_be_read_without_javascript(site: str, page_without_js: Page) -> None:
    for path in WHOLE_PAGES:
        page_without_js.goto(site + path)
        assert page_without_js.get_by_role("heading", level=1).is_visible()


@pytest.mark.real("Chromium")
def test_a_narrow_screen_does_not_scroll_sideways(
    site: str, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = open_page(viewport={"width": 320, "height": 600})
    page.goto(f"{site}/parts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    axe(page)


@pytest.mark.real("Chromium")
def test_a_file_too_large_is_told_before_it_is_sent(site: str, page: Page) -> None:
    page.goto(f"{site}/parts")
    choose(page, b"x" * 1001)
    page.get_by_role("button", name="Continue").click()
    assert "The largest file is" in page.locator("[data-upload-status]").inner_text()
    assert page.url == f"{site}/parts"


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_sent_with_javascript_and_without(
    site: str, open_page: Callable[..., Page], javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto(f"{site}/parts")
    choose(page, b"%PDF-")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Page not found").wait_for()


def choose(page: Page, content: bytes) -> None:
    file = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": content}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
