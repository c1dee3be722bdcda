"""Whom a platform may have us call."""

from __future__ import annotations

import ipaddress

import pytest

from service.delivery import AddressRefused, Targets, public

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip
TAKEN = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.32.0.1", "223.255.255.255",
         "2606:4700:4700::1111", "2400:3200::1", "2a00:1450:4001:829::200e"]  # fmt: skip

REFUSED_URLS = [
    ("http://shop.example/x", "https"),
    ("ftp://shop.example/x", "https"),
    ("shop.example/x", "https"),
    ("//shop.example/x", "https"),
    ("https://", "host"),
    ("https:///x", "host"),
    ("https://user@shop.example/x", "user name"),
    ("https://user:secret@shop.example/x", "user name"),
    ("https://:secret@shop.example/x", "user name"),
    ("https://shop.example/x#y", "fragment"),
    ("https://shop.example#@127.0.0.1/", "fragment"),
    ("https://shop.example\\@127.0.0.1/", "printable"),
    ("https://shop.example/a b", "printable"),
    ("https://shop.example/\r\nX-Evil: 1", "printable"),
    ("https://shop.example:8080/x", "port"),
    ("https://shop.example:22/x", "port"),
    ("https://shop.example:0/x", "port"),
    ("https://shop.example:99999/x", "port"),
    ("https://localhost/x", "public host"),
    ("https://LOCALHOST/x", "public host"),
    ("https://intranet/x", "public host"),
    ("https://db.internal/x", "public host"),
    ("https://printer.local/x", "public host"),
    ("https://shop.example./x", "public host"),
    ("https://-shop.example/x", "URL|public host"),
    ("https://127.0.0.1/x", "not public"),
    ("https://[::1]/x", "not public"),
    ("https://[::ffff:127.0.0.1]/x", "not public"),
    ("https://[fe80::1%25eth0]/x", "URL|not public|public host"),
    ("https://127.1/x", "in full"),
    ("https://2130706433/x", "public host|in full"),
    ("https://0x7f000001/x", "public host|in full"),
    ("https://0x7f.0.0.1/x", "in full"),
    ("https://0177.0.0.1/x", "URL|in full"),
    ("https://①②⑦.0.0.1/x", "URL|in full|not public|public host"),
    ("https://shop。example/" + "x" * 2000, "2000"),
    ("", "2000"),
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_the_public_internet_is_not_called(address: str) -> None:
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", TAKEN)
def test_the_public_internet_is_called(address: str) -> None:
    assert public(ipaddress.ip_address(address))


@pytest.mark.parametrize(("url", "why"), REFUSED_URLS)
def test_urls_are_refused_with_what_to_change(url: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why) as caught:
        Targets().check(url)
    assert caught.value.extra["errors"][0]["path"] == "url"


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [
        ("https://shop.example/hooks?a=b@c", "shop.example", None),
        ("https://SHOP.Example:8443/", "shop.example", 8443),
        ("https://商店.example/x", "xn--czrs0t.example", None),
        ("https://8.8.8.8/x", "8.8.8.8", None),
        ("https://[2606:4700:4700::1111]/x", "2606:4700:4700::1111", None),
    ],
)
def test_public_urls_are_taken(given: str, host: str, port: int | None) -> None:
    url = Targets().check(given)
    assert (url.raw_host.decode(), url.port) == (host, port)
    assert Targets().check(str(url)) == url, "what is stored is checked again before every attempt"


def test_one_private_address_among_public_ones_is_enough() -> None:
    found = [ipaddress.ip_address(text) for text in ("93.184.215.14", "10.0.0.7")]
    with pytest.raises(AddressRefused):
        Targets().check_addresses(found)
    Targets().check_addresses(found[:1])
    Targets(allow_private=True).check_addresses(found)
