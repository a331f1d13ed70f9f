"""Attacks on the doors as such: forged forms, hosts and bodies."""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path

import pytest
from flask import request
from werkzeug.routing import Rule

from portal.policy.actions import Action
from portal.web.door import DOORS, Open, StageOnly
from tests.web.browsing import send, sign_in, text_of, token
from tests.world import World, cast


def path_of(rule: Rule) -> str:
    """An address under this rule, with identifiers that name nothing."""
    numbered = re.sub("<int:[a-z_]+>", "1", rule.rule)
    return numbered.replace("<", "").replace(">", "")


def multipart(*fields: tuple[str, str | None, bytes]) -> dict[str, object]:
    """A form with files, written by hand: the test client would use temporary files itself."""
    body = b""
    for name, filename, value in fields:
        more = f'; filename="{filename}"' if filename else ""
        body += f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()
        body += value + b"\r\n"
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


def posts(world: World) -> list[Rule]:
    return [rule for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def test_every_route_declares_what_it_is_for(world: World) -> None:
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert isinstance(DOORS[rule.endpoint], Action | Open | StageOnly), rule.endpoint


def test_every_post_without_its_token_is_refused(world: World) -> None:
    client = world.client("helen")
    for rule in posts(world):
        answer = client.post(path_of(rule), data={"code": "000000"})
        assert answer.status_code in (400, 302), rule
        if isinstance(DOORS[rule.endpoint], Action):
            assert answer.status_code == 400, rule
        assert world.client("helen").get("/account/").status_code == 200


@pytest.mark.parametrize("crumb", ["", "x", "None"])
def test_a_token_that_is_made_up_is_refused(world: World, crumb: str) -> None:
    client = world.client("ruth")
    assert client.post("/account/sessions/end", data={"csrf_token": crumb}).status_code == 400


def test_a_token_of_another_browser_is_refused(world: World) -> None:
    crumb = token(world.client("joe"), "/account/")
    answer = world.client("ruth").post("/account/sessions/end", data={"csrf_token": crumb})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/xml"])
def test_other_kinds_of_bodies_carry_no_token(world: World, kind: str) -> None:
    client = world.client("ruth")
    crumb = token(client, "/account/")
    answer = client.post(
        "/account/sessions/end", data=f'{{"csrf_token": "{crumb}"}}', content_type=kind
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_forms_of_other_sites_are_refused_and_keep_nothing(
    world: World, headers: dict[str, str]
) -> None:
    client = sign_in(world, "ruth")
    crumb = token(client, "/account/")
    answer = client.post(
        "/account/sessions/end", data={"csrf_token": crumb, "why": "planted"}, headers=headers
    )
    assert answer.status_code == 403
    with world.house.engine.begin() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one() == 0


def test_sign_in_and_sign_out_want_a_token_too(world: World) -> None:
    ruth = cast()["ruth"]
    client = world.client()
    fields = {"email": ruth.email, "passphrase": ruth.passphrase}
    assert client.post("/sign-in", data=fields).status_code == 400
    signed = world.client("ruth")
    assert signed.post("/sign-out").status_code == 400
    assert signed.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:9999", "localhost.evil.example", "", "a b"]
)
def test_other_hosts_are_not_answered(world: World, host: str) -> None:
    answer = world.client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_forwarded_names_change_nothing(world: World) -> None:
    answer = world.client().get(
        "/account/",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
                 "Forwarded": "host=evil.example"},
    )  # fmt: skip
    assert answer.headers["Location"] == "/sign-in?next=/account/"


def test_watchers_may_ask_by_number_and_are_told_nothing(world: World) -> None:
    for path in ("/healthz", "/readyz"):
        answer = world.client().get(path, headers={"Host": "10.0.0.7:8000"})
        assert answer.status_code == 204
        assert answer.data == b""
        assert "Set-Cookie" not in answer.headers


def test_an_outsider_is_told_the_same_of_everything(world: World) -> None:
    seen = {
        text_of(world.client().get(path))
        for path in ("/nothing", "/unit/cases/../x", "/.git/config", "/metrics", "/console")
    }
    assert len(seen) == 1


def test_somebody_signed_in_is_told_the_same_of_what_is_not_there(world: World) -> None:
    client = world.client("ruth")
    answer = client.get("/nothing/at/all")
    assert answer.status_code == 404
    assert "You are not on the list for this meeting, or there is nothing" in text_of(answer)
    assert "Ring 01632 960 000" in text_of(answer)


def test_an_upload_leaves_no_file_behind(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = tmp_path / "temporary"
    watched.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(watched))
    opened: list[object] = []
    real = os.open

    def noted(path, flags, *rest, **more):  # type: ignore[no-untyped-def]
        if str(path).startswith(str(watched)):
            opened.append(path)
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", noted)
    client = sign_in(world, "ruth")
    crumb = token(client, "/account/").encode()
    answer = client.post(
        "/account/sessions/end",
        **multipart(("csrf_token", None, crumb), ("file", "x.pdf", b"CANARY" * 500_000)),
    )
    assert answer.status_code == 303
    assert opened == []
    assert list(watched.iterdir()) == []


def test_a_file_of_a_form_is_kept_in_memory(world: World) -> None:
    with world.app.test_request_context(
        "/sign-in", method="POST", **multipart(("file", "x.pdf", b"x" * 2_000_000))
    ):
        assert isinstance(request.files["file"].stream, io.BytesIO)


def test_a_thousand_parts_are_refused(world: World) -> None:
    client = sign_in(world, "ruth")
    fields = {f"f{index}": "x" for index in range(1000)}
    answer = client.post(
        "/account/sessions/end",
        data={"csrf_token": token(client, "/account/"), **fields},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413


def test_one_enormous_field_is_refused(world: World) -> None:
    client = sign_in(world, "ruth")
    crumb, large = token(client, "/account/"), b"x" * 2_000_000
    forms = [
        multipart(("csrf_token", None, crumb.encode()), ("why", None, large)),
        {"data": {"csrf_token": crumb, "why": large.decode()}},
    ]
    for form in forms:
        assert client.post("/account/sessions/end", **form).status_code == 413


def test_a_body_past_the_bound_is_refused_by_its_length(world: World) -> None:
    client = sign_in(world, "ruth")
    answer = client.post(
        "/account/sessions/end",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**10)},
    )
    assert answer.status_code == 413


def test_what_went_wrong_is_not_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    app = world.app

    @app.errorhandler(418)
    def teapot(_error: Exception) -> str:
        raise RuntimeError("CANARY in a message")

    client = sign_in(world, "ruth")
    with world.house.engine.begin() as db:
        db.exec_driver_sql("UPDATE people SET account = 'CANARY' WHERE email LIKE 'ruth%'")
    answer = client.get("/account/")
    assert answer.status_code == 500
    assert "CANARY" not in answer.text
    assert "Traceback" not in answer.text
    assert "CANARY" not in caplog.text


def test_an_unbelievable_clock_opens_nothing_but_lets_people_out(world: World) -> None:
    client = sign_in(world, "ruth")
    world.clock.doubt = "it ran away"
    assert send(client, "/account/backup-codes", code=world.code("ruth")).status_code == 503
    assert send(client, "/sign-out", form="/account/").status_code == 303


def test_a_swapped_key_stops_and_raises_an_alarm(world: World) -> None:
    client = sign_in(world, "ruth")
    with world.house.engine.begin() as db:
        other = db.exec_driver_sql(
            "SELECT recipient FROM public_keys WHERE person_id = ?", (cast()["joe"].person_id,)
        ).scalar_one()
        db.exec_driver_sql(
            "UPDATE public_keys SET recipient = ? WHERE person_id = ?",
            (other, cast()["ruth"].person_id),
        )
    answer = client.get("/account/")
    assert answer.status_code == 409
    assert "a key is not the one that was confirmed" in text_of(answer)
    ruth = cast()["ruth"]
    again = send(world.client(), "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    assert again.status_code == 409


def test_every_answer_is_kept_by_nobody(world: World) -> None:
    client = world.client("ruth")
    for path in ("/account/", "/sign-in", "/cookies", "/nothing", "/practice"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "ETag" not in answer.headers
