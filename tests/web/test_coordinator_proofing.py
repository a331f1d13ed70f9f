"""The page on which two coordinators let somebody begin anew."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.staging import Stage


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def test_one_makes_sure_and_another_approves(stage: Stage) -> None:
    stage.send()
    path = f"/unit/people/{stage.id('mark')}/proofing"
    helen, tom = stage.world.client("helen"), stage.world.client("tom")
    page = helen.get(path).text
    assert "They lost all they sign in with" in page
    assert "01632 960 222" in page
    assert "Approve" not in page
    assert path in helen.get("/unit/people/").text
    form = {"csrf_token": token(helen, path), "how": "rang", "code": stage.world.code("helen")}
    nothing = helen.post(path, data={**form, "how": ""})
    assert "Say how you made sure who they are." in nothing.text
    wrong = helen.post(path, data={**form, "code": "000000"})
    assert wrong.status_code == 200
    assert "There is a problem" in wrong.text
    assert helen.post(path, data=form).status_code == 302
    waits = helen.get(path).text
    assert "Another coordinator approves it" in waits
    assert 'name="code"' not in waits
    approving = tom.get(path).text
    assert "Approve: they begin anew" in approving
    assert f'action="{path}/approve"' in approving
    form = {"csrf_token": token(tom, path), "code": "000000"}
    assert "There is a problem" in tom.post(f"{path}/approve", data=form).text
    form["code"] = stage.world.code("tom")
    assert tom.post(f"{path}/approve", data=form).status_code == 302
    assert "Copies that wait for it: 1" in tom.get("/unit/people/").text
    assert tom.get(path).status_code == 404


def test_an_administrator_sees_no_link_and_no_page(stage: Stage) -> None:
    path = f"/unit/people/{stage.id('mark')}/proofing"
    priya = stage.world.client("priya")
    assert path not in priya.get("/unit/people/").text
    assert priya.get(path).status_code == 403
