"""Tests cannot reach another computer."""

from __future__ import annotations

import socket

import pytest

from tests.real.loopback import ElsewhereRefused, is_here


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "example.test", "localhost.example.test", b"example.test"]
)
def test_elsewhere_is_refused(host: str | bytes) -> None:
    assert not is_here(host)
    with pytest.raises(ElsewhereRefused):
        socket.getaddrinfo(host, 80)


def test_a_connection_elsewhere_is_refused() -> None:
    with socket.socket() as one, pytest.raises(ElsewhereRefused):
        one.connect(("192.0.2.1", 80))


def test_a_datagram_elsewhere_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(ElsewhereRefused):
        one.sendto(b"x", ("192.0.2.1", 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST", None])
def test_this_computer_is_not(host: str | None) -> None:
    assert is_here(host)


def test_loopback_connects() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
