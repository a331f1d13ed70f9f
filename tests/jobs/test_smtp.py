"""From the outbox through a real mail server with TLS, and what becomes of its refusals."""

from __future__ import annotations

import email
from email import policy

import pytest

from portal.journeys.running.send_notices import Round, send_notices
from portal.notices.smtp_sender import SmtpSender
from portal.records.outbox import Delivery
from tests.jobs.test_send_notices import clear, put, rows
from tests.notices.conftest import StartServer, authority, start_server
from tests.world import World

__all__ = ["authority", "start_server"]

pytestmark = pytest.mark.real("SMTP server")


def test_a_letter_arrives_over_tls_with_the_outbox_id(
    world: World, start_server: StartServer
) -> None:
    clear(world)
    one = put(world)
    server = start_server()
    sender = SmtpSender("localhost", server.port, "portal@mappa.example", context=server.trusting())
    assert send_notices(world.house, sender, world.wiring.writer) == Round(sent=1)
    assert server.box.over_tls == [True]
    taken = email.message_from_bytes(server.box.taken[0].content, policy=policy.default)
    assert taken["Message-ID"] == f"<{one}@mappa.example>"
    assert taken["To"] == "joe@northmere.example"


def test_a_receiver_that_does_not_exist_is_given_up(
    world: World, start_server: StartServer
) -> None:
    clear(world)
    one = put(world)
    server = start_server()
    server.box.rcpt = "550 no such person"
    sender = SmtpSender("localhost", server.port, "portal@mappa.example", context=server.trusting())
    assert send_notices(world.house, sender, world.wiring.writer) == Round(given_up=1)
    assert rows(world)[one].delivery is Delivery.FAILED


def test_a_server_without_tls_gets_nothing_and_the_letter_waits(
    world: World, start_server: StartServer
) -> None:
    clear(world)
    one = put(world)
    server = start_server(tls=False)
    sender = SmtpSender("localhost", server.port, "portal@mappa.example")
    assert send_notices(world.house, sender, world.wiring.writer) == Round(later=1)
    assert server.box.taken == []
    assert rows(world)[one].delivery is Delivery.WAITING
