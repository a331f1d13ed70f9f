"""Small pictures of many pages at once: the reader's own marked copy, judged and noted alike."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from PIL import Image
from sqlalchemy import select

from portal.journeys.giving.take_back import take_back
from portal.records import readings
from portal.records.database import reading
from tests.browsing import words_of
from tests.reading.test_reading_doors import paper, reader, sent
from tests.staging import Stage

__all__ = ["sent"]


def noted(stage: Stage) -> set[int]:
    with reading(stage.house.engine) as db:
        return set(db.execute(select(readings.pages_read.c.sheet)).scalars())


def test_a_dozen_pages_are_links_with_lazy_pictures_and_need_no_script(sent: Stage) -> None:
    client, at = reader(sent)
    assert f"{at}/3/pages" in client.get(f"{at}/3").get_data(as_text=True)
    answer = client.get(f"{at}/1/pages")
    body = answer.get_data(as_text=True)
    sources = re.findall(r'<img[^>]*loading="lazy"[^>]*src="([^"]+)"', body)
    assert sources
    assert sources[0] == f"{at}/1/small"
    assert len(sources) <= 12
    assert f'href="{at}/2"' in body
    assert re.search(r"Ruth Okell . .* ref [0-9A-Z-]{14}", words_of(answer))


def test_a_small_picture_is_small_and_is_noted_as_a_page(sent: Stage) -> None:
    client, at = reader(sent)
    answer = client.get(f"{at}/2/small")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert max(picture.size) <= 240
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Accept-Ranges"] == "none"
    assert noted(sent) == {2}


def test_what_was_taken_back_has_no_small_pictures(sent: Stage) -> None:
    client, at = reader(sent)
    take_back(sent.house, sent.world.who("helen"), sent.grant("ruth").sending_id)
    for part in ("small", "pages"):
        answer = client.get(f"{at}/1/{part}")
        assert answer.status_code == 403
        assert not answer.mimetype.startswith("image/")
    assert noted(sent) == set()


def test_somebody_else_and_a_page_that_is_not_there_get_nothing(sent: Stage) -> None:
    client, at = reader(sent)
    other = sent.world.client("joe")
    for part in ("small", "pages"):
        assert other.get(f"{at}/1/{part}").status_code == 404
        assert client.get(f"{at}/900/{part}").status_code == 404
        assert sent.world.client().get(f"{at}/1/{part}").status_code == 302


def test_another_session_of_the_same_reader_begins_anew(sent: Stage) -> None:
    _, at = reader(sent)
    sent.world.clock.advance(timedelta(minutes=1))
    again = sent.world.client("ruth")
    assert again.get(f"{at}/1/small").status_code == 404
    assert again.get(f"{at}/1/pages").headers["Location"] == paper(sent)
