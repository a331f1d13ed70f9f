"""The doors through which extracts go out, and the page that says that somebody has two forms."""

from __future__ import annotations

import html5lib
import pytest
from werkzeug.test import TestResponse

from portal.domain.meetings import Presence
from portal.domain.packs import Others
from tests.cutting import cut, minutes_of
from tests.staging import REASON, Stage
from tests.web.browsing import text_of
from tests.web.sending_pages import base, get, hidden, post
from tests.web.test_pack_doors import arrangement, ticks

TWO_FORMS = "Somebody would have one paper in two forms"


def refused(answer: TestResponse) -> None:
    """The page with words, and a way on."""
    assert answer.status_code == 409
    said = text_of(answer)
    assert TWO_FORMS in said
    assert "Nothing was changed and nothing was sent." in said
    assert "Look again" in said
    html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True))


def held_whole_and_arranged_cut(stage: Stage) -> str:
    """A pack with the update is out, and Joe is arranged an extract of it; returns the extract."""
    extract = cut(stage, "update")
    stage.arrange()
    stage.send()
    stage.arrange(extracts={"joe": {"update": extract}})
    return extract


def test_the_arranging_page_refuses_two_forms_for_one_person(stage: Stage) -> None:
    extract, helen = cut(stage, "update"), stage.world.client("helen")
    both = [*ticks(stage), f"{stage.id('joe')} {extract}"]
    refused(post(helen, f"{base(stage)}/pack", **arrangement(stage, gets=both)))
    assert stage.lines("pack.arranged") == []


def test_what_nobody_looked_through_is_no_choice(stage: Stage) -> None:
    extract, helen = cut(stage, "update", checked=False), stage.world.client("helen")
    assert extract not in get(helen, f"{base(stage)}/pack")
    gets = [*ticks(stage, joe="update"), f"{stage.id('joe')} {extract}"]
    answer = post(helen, f"{base(stage)}/pack", **arrangement(stage, gets=gets))
    assert "is not a valid choice" in text_of(answer)
    assert stage.lines("pack.arranged") == []


def test_sending_refuses_by_a_page_that_says_what_to_do(stage: Stage) -> None:
    held_whole_and_arranged_cut(stage)
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    assert "Joe Tarn would hold one paper both whole and cut down" in text_of(helen.get(path))
    refused(post(helen, path, code=stage.world.code("helen"), reason=REASON))
    assert len(stage.lines("pack.sent")) == 1


def test_an_annex_is_refused_so_too(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    stage.send()
    stage.arrange(["A"], annexes={"update": (Others.NOTHING, ["joe"])})
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    refused(post(helen, path, code=stage.world.code("helen"), reason=REASON))
    assert stage.lines("annex.sent") == []


def test_an_addendum_is_refused_so_too(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    stage.send()
    stage.arrange(["A", "F"])
    stage.send()
    helen, joe = stage.world.client("helen"), stage.id("joe")
    path = f"{base(stage)}/addenda/{stage.papers['update']}/send?after=1&to={joe}"
    assert "Joe Tarn would hold" in text_of(helen.get(path))
    refused(post(helen, path, code=stage.world.code("helen"), reason=REASON))
    assert stage.lines("addendum.sent") == []


def test_more_time_is_refused_so_too(stage: Stage) -> None:
    held_whole_and_arranged_cut(stage)
    grant = stage.grant("joe")
    with stage.house.engine.begin() as db:
        db.exec_driver_sql("UPDATE grants SET state = 'expired' WHERE id = ?", (grant.id,))
        db.exec_driver_sql(
            "DELETE FROM headers WHERE version_id = ? AND reader_id = ?",
            (grant.version_id, grant.person_id),
        )
    stage.send()
    helen, path = stage.world.client("helen"), f"/unit/grants/{grant.id}/more-time"
    answer = post(helen, path, until_on=["9", "7", "2026"], until="23:59", reason="Still reads.")
    refused(answer)
    assert stage.lines("access.extended") == []


def test_an_extract_is_chosen_without_javascript_shown_previewed_and_sent(stage: Stage) -> None:
    extract, helen = cut(stage, "update"), stage.world.client("helen")
    path, joe = f"{base(stage)}/pack", stage.id("joe")
    body = get(helen, path)
    assert 'aria-label="What Joe Tarn gets of Agency update' in body
    gets = [*ticks(stage, joe="update"), "", f"{joe} {extract}"]
    assert post(helen, path, **arrangement(stage, gets=gets)).status_code == 302
    assert f'value="{joe} {extract}" selected' in get(helen, path)
    shown = text_of(helen.get(f"{path}/send"))
    assert "Extract: 3. Agency update (Northmere Adult Social Care) (1 of 2 pages)" in shown
    sent = post(helen, f"{path}/send", code=stage.world.code("helen"), reason=REASON)
    assert sent.status_code == 302, text_of(sent)
    stage.whole()


def test_the_way_of_an_extract_of_the_minutes(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.PART)
    whole, joe, helen = minutes_of(stage), stage.id("joe"), stage.world.client("helen")
    path = f"{base(stage)}/minutes/send"
    body = get(helen, path)
    assert "Attended in part, and nothing is chosen for them yet" in body
    assert "Extract 1" not in body
    extract = cut(stage, whole)
    assert f'value="{joe} {extract}"' in get(helen, path)
    chosen = f"{path}?part={joe}+{extract}"
    body = get(helen, chosen)
    assert f'value="{joe} {extract}" selected' in body
    assert "1 of 2 pages" in body
    assert "Why you send it all the same" not in body
    assert hidden(body, "digest") != hidden(get(helen, path), "digest")
    answer = post(helen, chosen, code=stage.world.code("helen"), download="y")
    assert answer.status_code == 302, text_of(answer)
    (line,) = stage.lines("minutes.sent")
    assert joe in line["granted"]
    stage.accept("joe")
    assert stage.opens("joe").startswith(b"%PDF")
    stage.whole()


@pytest.mark.parametrize("part", ["nobody nothing", "x", " ", "a" * 300])
def test_a_made_up_choice_is_answered_with_words(stage: Stage, part: str) -> None:
    stage.minutes_ready(joe=Presence.PART)
    answer = stage.world.client("helen").get(
        f"{base(stage)}/minutes/send", query_string={"part": part}
    )
    assert answer.status_code == 409
    assert "Something changed" in text_of(answer)
