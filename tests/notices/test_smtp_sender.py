from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
import trustme

from portal.notices.kinds import Kind
from portal.notices.letters import Letter, Writer
from portal.notices.senders import SendLater, SendNever
from portal.notices.smtp_sender import SmtpSender
from tests.notices.conftest import PASSWORD, USERNAME, Server, StartServer

pytestmark = pytest.mark.real("SMTP server")

FROM = "portal@kentmere.example"


@pytest.fixture
def letter(writer: Writer) -> Letter:
    facts = {"area": "Kentmere", "path": "/home", "phone": "01632 960 000"}
    made_at = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    return writer.letter(
        Kind.KEY_CHANGED, "ruth@kentmere.example", facts, letter_id="n1", made_at=made_at
    )


def sender(server: Server, context: ssl.SSLContext | None = None, **options: str) -> SmtpSender:
    return SmtpSender(
        "localhost",
        server.port,
        FROM,
        context=context or server.trusting(),
        timeout=5,
        username=options.get("username"),
        password=options.get("password"),
    )


def later(letter: Letter, by: SmtpSender) -> str:
    with pytest.raises(SendLater) as why:
        by.send(letter)
    for secret in ("ruth", PASSWORD, letter.link):
        assert secret not in why.value.reason
    return why.value.reason


def test_a_letter_arrives_whole_over_tls(start_server: StartServer, letter: Letter) -> None:
    server = start_server()
    sender(server).send(letter)
    (taken,) = server.box.taken
    assert server.box.over_tls == [True]
    assert (taken.mail_from, taken.rcpt_tos) == (FROM, ["ruth@kentmere.example"])
    assert isinstance(taken.content, bytes)
    mail = message_from_bytes(taken.content, policy=policy.default)
    assert mail.get_content().replace("\r\n", "\n") == letter.text
    assert set(server.box.greeted) == {"kentmere.example"}, "this machine's name is not told"


def test_with_the_right_password(start_server: StartServer, letter: Letter) -> None:
    server = start_server(sign_in=True)
    sender(server, username=USERNAME, password=PASSWORD).send(letter)
    assert len(server.box.taken) == 1


def test_a_wrong_password_means_later(start_server: StartServer, letter: Letter) -> None:
    server = start_server(sign_in=True)
    reason = later(letter, sender(server, username=USERNAME, password="wrong"))
    assert "mail server" in reason
    assert server.box.taken == []


def test_no_password_where_one_is_asked_means_later_not_never(
    start_server: StartServer, letter: Letter
) -> None:
    server = start_server(sign_in=True)
    assert "sender" in later(letter, sender(server))
    assert server.box.taken == []


def test_a_password_the_server_has_no_use_for_means_later(
    start_server: StartServer, letter: Letter
) -> None:
    server = start_server()
    assert "535" in later(letter, sender(server, username=USERNAME, password=PASSWORD))
    assert server.box.taken == []


def test_an_authority_nobody_knows_is_refused(start_server: StartServer, letter: Letter) -> None:
    server = start_server()
    assert "certificate" in later(letter, sender(server, ssl.create_default_context()))
    assert "certificate" in later(letter, SmtpSender("localhost", server.port, FROM, timeout=5))
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trustme.CA().configure_trust(stranger)
    assert "certificate" in later(letter, sender(server, stranger))
    assert server.box.taken == []


def test_a_certificate_for_another_name_is_refused(
    start_server: StartServer, letter: Letter
) -> None:
    server = start_server(named="mail.elsewhere.example")
    assert "certificate" in later(letter, sender(server))
    assert server.box.taken == []


def test_a_server_without_tls_gets_nothing(start_server: StartServer, letter: Letter) -> None:
    server = start_server(tls=False)
    assert "TLS" in later(letter, sender(server))
    assert server.box.taken == []


@pytest.mark.parametrize("answer", ["550 5.1.1 no ruth here", "553 no", "501 what"])
def test_a_receiver_refused_for_good_means_never(
    start_server: StartServer, letter: Letter, answer: str
) -> None:
    server = start_server()
    server.box.rcpt = answer
    with pytest.raises(SendNever) as why:
        sender(server).send(letter)
    assert answer[:3] in why.value.reason
    assert "ruth" not in why.value.reason


@pytest.mark.parametrize("answer", ["451 4.7.1 greylisted", "450 busy", "452 full", "421 going"])
def test_a_receiver_refused_for_now_means_later(
    start_server: StartServer, letter: Letter, answer: str
) -> None:
    server = start_server()
    server.box.rcpt = answer
    assert answer[:3] in later(letter, sender(server))
    server.box.rcpt = ""
    sender(server).send(letter)
    assert len(server.box.taken) == 1


def test_a_letter_refused_after_its_text(start_server: StartServer, letter: Letter) -> None:
    server = start_server()
    server.box.data = "554 5.7.1 looks like spam"
    with pytest.raises(SendNever):
        sender(server).send(letter)
    server.box.data = "451 try later"
    assert "451" in later(letter, sender(server))


def test_a_connection_lost_half_way_means_later(start_server: StartServer, letter: Letter) -> None:
    server = start_server()
    server.box.drop_before = "RCPT"
    assert "broke off" in later(letter, sender(server))


def test_a_connection_lost_after_it_was_taken_is_no_failure(
    start_server: StartServer, letter: Letter
) -> None:
    server = start_server()
    server.box.drop_after_taking = True
    sender(server).send(letter)
    assert len(server.box.taken) == 1


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("localhost", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_server_that_hangs_is_left_after_the_timeout(silent_port: int, letter: Letter) -> None:
    assert "cannot be reached" in later(
        letter, SmtpSender("localhost", silent_port, FROM, timeout=0.3)
    )


@pytest.fixture
def rude_port() -> Iterator[int]:
    """A port where somebody greets and hangs up."""
    with socket.create_server(("localhost", 0)) as listening:

        def greet() -> None:
            talking, _ = listening.accept()
            with talking:
                talking.sendall(b"220 hello\r\n")

        greeter = threading.Thread(target=greet)
        greeter.start()
        yield listening.getsockname()[1]
        greeter.join()


def test_a_server_that_hangs_up_before_tls_means_later(rude_port: int, letter: Letter) -> None:
    assert "before TLS" in later(letter, SmtpSender("localhost", rude_port, FROM, timeout=5))


def test_no_server_means_later(silent_port: int, letter: Letter) -> None:
    with socket.create_server(("localhost", 0)) as gone:
        port = gone.getsockname()[1]
    assert "cannot be reached" in later(letter, SmtpSender("localhost", port, FROM, timeout=2))


def test_a_careless_setting_is_refused_at_the_start() -> None:
    blind = ssl.create_default_context()
    blind.check_hostname = False
    with pytest.raises(ValueError, match="verified"):
        SmtpSender("localhost", 25, FROM, context=blind)
    blind.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="verified"):
        SmtpSender("localhost", 25, FROM, context=blind)
    for half in ({"username": "portal"}, {"password": "x"}):
        with pytest.raises(ValueError, match="together"):
            SmtpSender("localhost", 25, FROM, **half)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="sender"):
        SmtpSender("localhost", 25, "portal")
