"""The doors of the minutes' form: one page a section, saved at each step, then check and file."""

from __future__ import annotations

from portal.domain.minutes_form import Section
from tests.journeys.form_of_minutes import whole, write, write_all
from tests.staging import Stage
from tests.web.browsing import text_of
from tests.web.sending_pages import base, get, post


def form(stage: Stage, section: str = "") -> str:
    return f"{base(stage)}/minutes/form{section}"


def typed(fields: dict[str, str]) -> dict[str, object]:
    """As a browser sends it: a day in three parts."""
    return {
        name: text.split("-")[::-1] if name.startswith(("due", "review_on")) else text
        for name, text in fields.items()
    }


def test_the_whole_way_through_the_form(stage: Stage) -> None:
    stage.register()
    stage.lock()
    priya, alan = stage.world.client("priya"), stage.world.client("alan")
    assert form(stage) in get(priya, f"{base(stage)}/minutes")
    assert get(priya, form(stage)).count("Not yet started") == len(Section)
    for section, written in whole(stage).items():
        get(priya, form(stage, f"/{section.value}"))
        saved = post(priya, form(stage, f"/{section.value}"), **typed(dict(written)))
        assert saved.status_code == 302, (section, text_of(saved))
        assert saved.headers["Location"].endswith("/minutes/form")
    assert "9 of 9 sections are completed" in text_of(priya.get(form(stage)))
    body = text_of(priya.get(form(stage, "/check")))
    for words in ("High risk of serious harm", "12 June 2026", "2. Rationale", "Protection of a"):
        assert words in body
    filed = post(priya, form(stage, "/check"))
    assert filed.status_code == 302, text_of(filed)
    assert "Version 1 was filed by Priya" in text_of(priya.get(f"{base(stage)}/minutes"))
    chair = f"/minutes/{stage.slot_id}"
    assert "What changed" not in get(alan, chair)
    get(priya, form(stage, "/risk"))
    post(priya, form(stage, "/risk"), risk="The risk is higher <b>now</b>.")
    get(priya, form(stage, "/check"))
    post(priya, form(stage, "/check"))
    assert "What changed since the last draft" in get(alan, chair)
    changes = post(alan, f"{chair}/changes")
    assert changes.status_code == 200
    assert "<ins>" in changes.get_data(as_text=True)
    assert "&lt;b&gt;now&lt;/b&gt;" in changes.get_data(as_text=True)


def test_unfinished_is_saved_and_said(stage: Stage) -> None:
    priya, path = stage.world.client("priya"), form(stage, "/plan")
    get(priya, path)
    answer = post(priya, path, supervision="Weekly, at the office.")
    body = text_of(answer)
    assert answer.status_code == 200
    assert "What you wrote is saved." in body
    assert "Write the plan for: victim safety." in body
    assert 'href="#victim_safety"' in answer.get_data(as_text=True)
    assert "Weekly, at the office." in get(priya, path)
    assert "In progress" in get(priya, form(stage))
    # What the page holds now is the newest, so it can be saved on.
    again = post(priya, path, **whole(stage)[Section.PLAN])
    assert again.status_code == 302


def test_what_cannot_be_kept_loses_nothing_typed(stage: Stage) -> None:
    priya, path = stage.world.client("priya"), form(stage, "/outcome")
    get(priya, path)
    answer = post(priya, path, level="2", category="9", review_on=["31", "2", "2026"])
    body = answer.get_data(as_text=True)
    assert "There is no such day." in text_of(answer)
    assert 'value="31"' in body
    assert stage.lines("minutes.written") == []
    path = form(stage, "/statement")
    get(priya, path)
    answer = post(priya, path, put="yes", put_at="quarter past")
    assert "Write a time such as 10:30." in text_of(answer)
    assert "quarter past" in answer.get_data(as_text=True)
    path = form(stage, "/risk")
    get(priya, path)
    answer = post(priya, path, risk="r" * 9000)
    assert "Write at most 8,000 characters." in text_of(answer)
    assert "r" * 9000 in answer.get_data(as_text=True)


def test_a_list_grows_and_an_emptied_row_goes(stage: Stage) -> None:
    priya, path = stage.world.client("priya"), form(stage, "/decisions")
    assert "Decision 2" not in get(priya, path)
    answer = post(priya, path, decision_1="Stay", rationale_1="Same risk", more="y")
    assert answer.headers["Location"].endswith("/decisions")
    assert "Decision 2" in get(priya, path)
    answer = post(priya, path, decision_1="", rationale_1="", decision_2="Go", rationale_2="Less")
    assert answer.status_code == 302
    body = get(priya, path)
    assert "Stay" not in body
    assert "Go" in body
    assert "Decision 3" not in body
    huge = {f"decision_{n}": "x" for n in range(1, 99)}
    assert post(priya, path, **huge).status_code == 200


def test_a_second_writer_is_told_and_keeps_what_they_typed(stage: Stage) -> None:
    tom, path = stage.world.client("tom"), form(stage, "/risk")
    get(tom, path)
    write(stage, Section.RISK, {"risk": "Written by Priya."})
    page = tom.get(path).get_data(as_text=True)
    assert "Written by Priya." in page
    answer = tom.post(
        path, data={"csrf_token": token_in(page), "digest": "", "risk": "Written by Tom."}
    )
    assert answer.status_code == 409
    assert "Somebody else has saved this section" in text_of(answer)
    body = answer.get_data(as_text=True)
    assert "Written by Tom." in body
    digest = body.partition('name="digest"')[2].partition('value="')[2].partition('"')[0]
    again = tom.post(
        path, data={"csrf_token": token_in(body), "digest": digest, "risk": "Written by Tom."}
    )
    assert again.status_code == 302


def token_in(body: str) -> str:
    return body.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def test_the_draft_is_filed_only_when_nothing_is_missing(stage: Stage) -> None:
    priya, path = stage.world.client("priya"), form(stage, "/check")
    write_all(stage)
    body = text_of(priya.get(path))
    assert "The attendance is not locked yet" in body
    assert "File the draft" not in body
    answer = post(priya, form(stage, "/check"), form=form(stage, "/risk"))
    assert "Lock the attendance first" in text_of(answer)
    assert stage.lines("minutes.filed") == []


def test_there_is_no_section_of_another_name(stage: Stage) -> None:
    assert stage.world.client("priya").get(form(stage, "/weather")).status_code == 404
    assert stage.world.client("joe").get(form(stage, "/risk")).status_code == 403
