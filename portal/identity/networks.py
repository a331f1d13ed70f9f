"""What counts as one address, and the networks around it that whoever holds it may hold as well."""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or an IPv6 /64, which one person holds.

    An IPv4 address written as IPv6 is the IPv4 one. All unreadable ones count as one address.
    """
    ip = _read(address)
    if isinstance(ip, ipaddress.IPv6Address):
        return _around(ip, 64)
    return "unreadable" if ip is None else str(ip)


def home_of(address: str) -> str:
    """Return the /56 of an IPv6 address, as one home is given; empty for any other."""
    ip = _read(address)
    return _around(ip, 56) if isinstance(ip, ipaddress.IPv6Address) else ""


def site_of(address: str) -> str:
    """Return the /48 of an IPv6 address, as one site is given; empty for any other."""
    ip = _read(address)
    return _around(ip, 48) if isinstance(ip, ipaddress.IPv6Address) else ""


def _read(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return ip if mapped is None else mapped


def _around(ip: ipaddress.IPv6Address, bits: int) -> str:
    return str(ipaddress.ip_network((int(ip), bits), strict=False))
