"""Strangers cannot hold the server's threads with large bodies, nor anybody with slow ones."""

from __future__ import annotations

import socket
import threading

from portal.web.intake import LARGEST_FIELDS, cut_off
from tests.web.test_attacks import multipart
from tests.world import World

UNREAD = b"x" * (LARGEST_FIELDS + 1)


def test_a_stranger_sends_no_large_body(world: World) -> None:
    client = world.client()
    for path in ("/sign-in", "/recover", "/agency/requests/x/upload", "/nowhere"):
        answer = client.post(path, **multipart(("file", "a.pdf", UNREAD)))  # type: ignore[arg-type]
        assert answer.status_code == 413, path


def test_half_signed_in_is_a_stranger_still(world: World) -> None:
    from portal.records.sessions import Stage

    client = world.client()
    world.give_cookie(client, world.begin("ruth", Stage.PASSPHRASE))
    answer = client.post("/sign-in/code", **multipart(("file", "a.pdf", UNREAD)))  # type: ignore[arg-type]
    assert answer.status_code == 413


def test_somebody_signed_in_may(world: World) -> None:
    client = world.client("ruth")
    answer = client.post("/practice", **multipart(("file", "a.pdf", UNREAD)))  # type: ignore[arg-type]
    assert answer.status_code == 400  # read, and found without its token


def test_a_body_that_drips_is_cut_off() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watch = cut_off(ours, 10, patience=0.2)
        assert watch is not None
        theirs.sendall(b"only")
        assert ours.recv(4) == b"only"
        ours.settimeout(10)
        assert ours.recv(6) == b""


def test_one_that_came_in_time_is_not() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watch = cut_off(ours, 0, patience=0.2)
        assert watch is not None
        watch.cancel()
        done = threading.Event()
        threading.Timer(0.5, lambda: (theirs.sendall(b"later"), done.set())).start()
        ours.settimeout(10)
        assert ours.recv(5) == b"later"
        assert done.wait(5)


def test_without_a_connection_there_is_nothing_to_cut() -> None:
    assert cut_off(None, 10) is None
