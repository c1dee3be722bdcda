"""Which addresses a platform may have us call: public ones, by https. Everything else is our own side of the wall."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.errors import InvalidRequest

if TYPE_CHECKING:
    import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL = 2_000
PORTS = frozenset({443, 8443})

# IANA's special-purpose registry of IPv4 (2024-11), multicast and reserved space; none of it is anybody's web server.
_NOT_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",  # a cloud's own platform service, on an address that only looks public
        ),
    )
)  # fmt: skip
# Of IPv6 only global unicast is looked at, so mapped, NAT64, unique-local, link-local and multicast are out already.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # Teredo, benchmarking, ORCHID and others
            "2001:db8::/32", "2002::/16",  # documentation; 6to4 carries an IPv4 address
            "2620:4f:8000::/48", "3ffe::/16", "3fff::/20",
        ),
    )
)  # fmt: skip
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "arpa")


class AddressRefused(InvalidRequest):
    type, title = "webhook-address-refused", "Webhooks are not sent to that address"


def public(address: Address) -> bool:
    """Whether an address is one the public internet routes to somebody else."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


@dataclass(frozen=True, slots=True)
class Targets:
    """``allow_private``: for development and tests; then plain http, any port and any address may be called."""

    allow_private: bool = False

    def check(self, text: str) -> httpx.URL:
        """The URL as it will be called; AddressRefused with what to change. Asks no name server."""
        import httpx

        if not 1 <= len(text) <= MAX_URL or not text.isprintable() or any(each in text for each in " \\"):
            raise _refused(f"must be a URL of at most {MAX_URL} printable characters")
        try:
            url = httpx.URL(text)
            port = url.port
        except (httpx.InvalidURL, ValueError):
            raise _refused("must be a URL, e.g. https://shop.example/prereview-events") from None
        if url.scheme not in (("https", "http") if self.allow_private else ("https",)):
            raise _refused("must begin with https://")
        if url.userinfo:
            raise _refused("must not hold a user name or password; the signature tells you that it is us")
        if "#" in text:
            raise _refused("must not have a fragment (#…)")
        if not self.allow_private:
            self._check_host(url.raw_host.decode("ascii").lower())
            if (443 if port is None else port) not in PORTS:
                raise _refused("must use port 443 or 8443")
        elif not url.raw_host:
            raise _refused("must name a host")
        return url

    def check_addresses(self, found: list[Address]) -> None:
        """AddressRefused where a name leads anywhere it should not: one such address among good ones is enough."""
        if not self.allow_private and not all(public(address) for address in found):
            raise _refused("leads to an address that is not public")

    @staticmethod
    def _check_host(host: str) -> None:
        literal = literal_address(host)
        if literal is not None:
            if not public(literal):
                raise _refused("leads to an address that is not public")
            return
        labels = host.split(".")
        if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.match, labels)) or labels[-1] in _LOCAL_NAMES:
            raise _refused("must name a public host, e.g. shop.example")
        if not labels[-1][0].isalpha():
            # 127.1, 0x7f000001 and the like: what a system's resolver takes for an address.
            raise _refused("must write an address in full, e.g. 93.184.215.14")


def literal_address(host: str) -> Address | None:
    """The address a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _refused(message: str) -> AddressRefused:
    return AddressRefused(f"url {message}.", extra={"errors": [{"path": "url", "message": message}], "error_count": 1})
