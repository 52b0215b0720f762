"""The address of a client behind proxies, and the network of a rule."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from accounts.addresses import client_address, network_of, parse_network

FORGED = "203.0.113.9"


def test_without_proxies_only_the_peer_counts(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert client_address("192.0.2.1", FORGED) == "192.0.2.1"


@pytest.mark.parametrize("forged", ["", FORGED, f"{FORGED}, {FORGED}", "junk,,,", "a" * 5000])
def test_what_a_client_writes_itself_gains_nothing(forged: str, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    header = ", ".join(filter(None, [forged, "198.51.100.4", "10.0.0.1"]))
    assert client_address("10.0.0.2", header) == "198.51.100.4"


def test_past_the_proxies_there_is_only_the_peer(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    assert client_address("198.51.100.4", FORGED) == "198.51.100.4"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_addresses_of_one_subscriber_count_together(address: str, network: str) -> None:
    assert network_of(address) == network


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
