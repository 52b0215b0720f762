"""The address of a client behind proxies, and the network of a rule."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from accounts import addresses
from accounts.addresses import client_address, network_of, networks_of, parse_network

FORGED = "203.0.113.9"


def test_without_proxies_only_the_peer_counts(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert client_address("192.0.2.1", [FORGED]) == "192.0.2.1"


@pytest.mark.parametrize("forged", ["", FORGED, f"{FORGED}, {FORGED}", "junk,,,", "a" * 5000])
def test_what_a_client_writes_itself_gains_nothing(forged: str, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    header = ", ".join(filter(None, [forged, "198.51.100.4", "10.0.0.1"]))
    assert client_address("10.0.0.2", [header]) == "198.51.100.4"


def test_past_the_proxies_there_is_only_the_peer(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    assert client_address("198.51.100.4", [FORGED]) == "198.51.100.4"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unparsable"),
        ("junk", "unparsable"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_addresses_of_one_subscriber_count_together(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("hop", "address"),
    [
        ("203.0.113.7:51008", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "unknown"),
        ("203.0.113.7:", "203.0.113.7:"),
        ("[203.0.113.7", "[203.0.113.7"),
    ],
)
def test_an_address_may_come_with_a_port(hop: str, address: str, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client_address("10.0.0.2", [hop]) == address
    assert client_address("10.0.0.2", [FORGED, f"{FORGED}, {hop}"]) == address


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (["for=192.0.2.60;proto=http;by=203.0.113.43"], "192.0.2.60"),
        (['for=203.0.113.9, For="192.0.2.60:4711" ; proto=https'], "192.0.2.60"),
        (["for=203.0.113.9", 'by=10.0.0.1;FOR="[2001:db8:cafe::17]:4711"'], "2001:db8:cafe::17"),
        (['for="[2001:db8:cafe::17]"'], "2001:db8:cafe::17"),
        (['for=";for=203.0.113.9,for=203.0.113.9", for=192.0.2.60'], "192.0.2.60"),
        (['x="\\",for=203.0.113.9;\\"";for=192.0.2.60'], "192.0.2.60"),
        (["for=203.0.113.9, for=unknown"], "unknown"),
        (["for=203.0.113.9, for=_hidden"], "_hidden"),
        (["for=203.0.113.9, proto=https"], ""),
        (["for=192.0.2.60,,"], "192.0.2.60"),
        ([""], "10.0.0.2"),
        ([], "10.0.0.2"),
    ],
)
def test_proxies_may_write_forwarded(lines: list[str], address: str, settings: Settings) -> None:
    settings.TRUSTED_PROXIES, settings.PROXY_HEADER = 1, "Forwarded"
    assert client_address("10.0.0.2", lines) == address


def test_wider_networks_have_a_share_of_their_own() -> None:
    assert networks_of("2001:db8:1:2:3:4:5:6") == (
        ("2001:db8:1:2::/64", 1),
        ("2001:db8:1::/56", 4),
        ("2001:db8:1::/48", 16),
    )
    assert networks_of("192.0.2.7") == (("192.0.2.7", 1),)
    assert networks_of("") == (("", 1),)


def test_what_is_no_address_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    addresses._warned_at = float("-inf")
    for number in range(20):
        assert network_of(f"_hidden{number}") == "unparsable"
    assert len(caplog.records) == 1
    assert "PROXY_HEADER" in caplog.text


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        (" 192.0.2.7/24 ", "192.0.2.0/24"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::/48", "2001:db8::/48"),
    ],
)
def test_a_rule_is_for_a_whole_network(text: str, network: str) -> None:
    assert str(parse_network(text)) == network


@pytest.mark.parametrize("text", ["", "nowhere", "192.0.2.7/33", "0.0.0.0/0", "::/0", "1.2.3.4;--"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_network(text)


def test_a_forwarded_of_any_length_is_read_as_far_as_our_proxies_write(settings: Settings) -> None:
    """Thousands of quotation marks took half a second, at each request."""
    settings.TRUSTED_PROXIES, settings.PROXY_HEADER = 1, "Forwarded"
    long = '"' * 30_000
    assert client_address("10.0.0.9", [long, "for=198.51.100.4"]) == "198.51.100.4"
    assert len(addresses._forwarded("," + "a," * 30_000)) == addresses.MAX_READ // 2


@pytest.mark.parametrize(
    "forged",
    [
        'for=203.0.113.9;x="',
        'for="203.0.113.9',
        'for=203.0.113.9;x="a\\',
        'for=203.0.113.9;x="a\\"',
        '"',
        '",',
        'for=203.0.113.9, for=203.0.113.9;x="',
        'for=203.0.113.9;x="\\", for=203.0.113.9;y="',
    ],
)
@pytest.mark.parametrize("ours", ['for="198.51.100.4:5555"', "for=198.51.100.4;proto=https"])
def test_an_open_quotation_takes_in_no_element_of_our_proxies(
    forged: str, ours: str, settings: Settings
) -> None:
    settings.PROXY_HEADER = "Forwarded"
    for lines in ([f"{forged}, {ours}"], [forged, ours]):
        settings.TRUSTED_PROXIES = 1
        assert client_address("10.0.0.9", lines) == "198.51.100.4"
        settings.TRUSTED_PROXIES = 2
        assert client_address("10.0.0.9", [*lines, 'for="10.0.0.1:80"']) == "198.51.100.4"
