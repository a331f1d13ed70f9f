from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.email_address import LONGEST, BadAddress, normalise


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ruth.okafor@kentmere.police.example", "ruth.okafor@kentmere.police.example"),
        ("  Ruth.Okafor@Kentmere.Police.Example ", "ruth.okafor@kentmere.police.example"),
        ("o'neil+mappa@a-b.example.org", "o'neil+mappa@a-b.example.org"),
        ("x@1.example.org", "x@1.example.org"),
    ],
)
def test_plain_addresses_have_one_spelling(typed: str, address: str) -> None:
    assert normalise(typed) == address
    assert normalise(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "a", "@", "a@", "@example.org", "a@example", "a@@example.org", "a@b@example.org",
        "a b@example.org", "a@exa mple.org", ".a@example.org", "a.@example.org", "a..b@example.org",
        "a@.example.org", "a@example.org.", "a@example..org", "a@-example.org", "a@example-.org",
        "a@127.0.0.1", "a@[127.0.0.1]", "a@example.123", '"a"@example.org', "a(x)@example.org",
        "Ruth <a@example.org>", "a@example.org,b@example.org", "a@example.org;b@example.org",
        "a@example.org\n", "a@example.org\r\nBcc: b@example.org", "a\n@example.org",
        "\ta@example.org", "a\x00@example.org", "a%b@example.org", "a!b@example.org",
        "=a@example.org",
        "+a@example.org", "-a@example.org", "аdmin@example.org",
        "a@ехample.org", "a@ｅxample.org", "a＠example.org",
        "\u212aate@example.org", "a@example\u3002org", "a\u200b@example.org",
        "a@xn--80ak6aa92e.com",
        "mailto:a@example.org", "a" * 65 + "@example.org", "a@" + "b" * 64 + ".org",
        "a@" + "b." * 130 + "org", "a\u00a0@example.org", "a@exa_mple.org",
    ],
)  # fmt: skip
def test_everything_else_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress) as why:
        normalise(typed)
    assert why.value.words


@given(st.text(max_size=80) | st.from_regex(r"[a-zA-Z.@ ]{1,30}"))
def test_what_is_accepted_is_safe_in_a_header(typed: str) -> None:
    try:
        address = normalise(typed)
    except BadAddress:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address.count("@") == 1
    assert len(address) <= LONGEST
    assert normalise(address) == address
