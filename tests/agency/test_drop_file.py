"""Whoever sees what was found in their file may stop: it is gone at once, whole, and told."""

from __future__ import annotations

import pytest

from portal.journeys.changed import Changed
from portal.journeys.reports.drop_candidate import drop_report
from portal.policy.judge import Refused
from tests.agency.conftest import Asking
from tests.web.browsing import send, text_of
from tests.web.sending_pages import get, hidden


def drop(asking: Asking, chosen: str, by: str = "adeyemi") -> None:
    drop_report(asking.world.house, asking.world.who(by), asking.f, chosen)


def test_a_file_that_is_not_handed_in_is_gone_with_its_original(asking: Asking) -> None:
    before = set(asking.world.house.store.names())
    examined = asking.examine()
    assert len(set(asking.world.house.store.names()) - before) == 2
    drop(asking, examined.candidate_id)
    assert asking.waiting() is None
    assert set(asking.world.house.store.names()) == before
    (line,) = asking.lines("file.dropped")
    assert line["subject"] == asking.f
    assert line["actor"] == asking.world.secrets("adeyemi").person_id
    with pytest.raises(Changed):
        asking.submit(examined)
    asking.submit(asking.examine())


@pytest.mark.parametrize("name", ["helen", "carys", "priya"])
def test_nobody_else_drops_it(asking: Asking, name: str) -> None:
    examined = asking.examine()
    with pytest.raises((Refused, Changed)):
        drop(asking, examined.candidate_id, by=name)
    assert asking.waiting() is not None
    assert asking.lines("file.dropped") == []


def test_only_the_file_that_was_shown_is_dropped_and_once(asking: Asking) -> None:
    first = asking.examine()
    second = asking.examine()
    for chosen in (first.candidate_id, "", "x" * 26):
        with pytest.raises(Changed):
            drop(asking, chosen)
    assert asking.waiting() is not None
    drop(asking, second.candidate_id)
    with pytest.raises(Changed):
        drop(asking, second.candidate_id)
    assert len(asking.lines("file.dropped")) == 1


def test_the_button_drops_a_report(asking: Asking) -> None:
    client = asking.world.client("adeyemi")
    chosen = asking.examine().candidate_id
    page = f"/agency/requests/{asking.f}/check"
    shown = get(client, page)
    assert "Do not hand this in" in shown
    assert hidden(shown, "candidate") == chosen
    path = f"/agency/requests/{asking.f}/drop"
    answer = send(client, path, page, candidate=chosen)
    assert answer.status_code == 302
    after = text_of(client.get(answer.headers["Location"]))
    assert "It is given to nobody and removed here" in after
    assert "nothing of it is kept" not in after, "the record keeps that it was examined"
    assert asking.waiting() is None
    again = send(client, path, f"/agency/requests/{asking.f}/upload", candidate=chosen)
    assert "The file is no longer here" in text_of(client.get(again.headers["Location"]))
