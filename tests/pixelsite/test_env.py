"""Environment variables: typed reads, and errors that name the variable."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from pixelsite.conf.env import Environment
from pixelsite.conf.redis import redis_host
from tests.support.certificates import Certificates


def test_an_empty_variable_counts_as_unset() -> None:
    env = Environment({"NAME": "  "})
    assert env.text("NAME", "default") == "default"
    assert env.flag("NAME", default=True) is True
    assert env.integer("NAME", default=7) == 7


def test_flags_numbers_and_lists() -> None:
    env = Environment({"YES": "True", "NO": "off", "NUMBER": "2.5", "LIST": "a, b,,c "})
    assert (env.flag("YES", default=False), env.flag("NO", default=True)) == (True, False)
    assert env.number("NUMBER", default=0) == 2.5
    assert env.words("LIST") == ["a", "b", "c"]


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_a_flag_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="FLAG"):
        Environment({"FLAG": value}).flag("FLAG", default=False)


@pytest.mark.parametrize("value", ["five", "-1", "nan", "inf"])
def test_a_number_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NUMBER"):
        Environment({"NUMBER": value}).number("NUMBER", default=0)


def test_a_number_may_have_a_most() -> None:
    assert Environment({"NUMBER": "9"}).integer("NUMBER", default=1, maximum=9) == 9
    with pytest.raises(ImproperlyConfigured, match="at most 9"):
        Environment({"NUMBER": "10"}).integer("NUMBER", default=1, maximum=9)


def test_a_secret_may_come_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hidden\n")
    assert Environment({"KEY_FILE": str(file)}).secret("KEY") == "hidden"
    with pytest.raises(ImproperlyConfigured, match="KEY_FILE"):
        Environment({"KEY_FILE": str(tmp_path / "none")}).secret("KEY")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        Environment({"KEY": "a", "KEY_FILE": str(file)}).secret("KEY")


def test_redis_by_url_with_tls_and_a_login(tmp_path: Path) -> None:
    assert redis_host(Environment({})) is None
    authority = str(Certificates(tmp_path).authority)
    given = {"REDIS_URL": "rediss://r:6380/0", "REDIS_CA_CERT": authority, "REDIS_PASSWORD": "pw"}
    host: dict[str, object] = dict(redis_host(Environment(given)) or {})
    assert host["address"] == "rediss://r:6380/0"
    assert (host["password"], host["ssl_ca_certs"]) == ("pw", authority)
    assert (host["ssl_cert_reqs"], host["ssl_check_hostname"]) == ("required", True)


def test_redis_behind_sentinels() -> None:
    given = {"REDIS_SENTINELS": "a:26379,b:26379", "REDIS_MASTER": "canvas", "REDIS_INSECURE": "1"}
    host: dict[str, object] = dict(redis_host(Environment(given)) or {})
    assert host["sentinels"] == [("a", 26379), ("b", 26379)]
    assert host["master_name"] == "canvas"
    assert "ssl" not in host


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"REDIS_URL": "http://r"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://r", "REDIS_SENTINELS": "a:1"}, "REDIS_SENTINELS"),
        ({"REDIS_SENTINELS": "a"}, "REDIS_SENTINELS"),
        ({"REDIS_SENTINELS": "a:b"}, "REDIS_SENTINELS"),
        ({"REDIS_SENTINELS": "a:65536"}, "REDIS_SENTINELS"),
        ({"REDIS_URL": "redis://r:port"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://:pw@r", "REDIS_PASSWORD": "other"}, "REDIS_PASSWORD"),
        ({"REDIS_URL": "redis://r", "REDIS_USERNAME": "pod"}, "REDIS_PASSWORD"),
        ({"REDIS_URL": "redis://r", "REDIS_CA_CERT": "/ca.pem"}, "REDIS_CA_CERT"),
        ({"REDIS_URL": "rediss://r", "REDIS_CA_CERT": "/no/ca.pem"}, "REDIS_CA_CERT"),
        ({"REDIS_URL": "redis://r", "REDIS_MASTER": "canvas"}, "REDIS_MASTER"),
        ({"REDIS_PASSWORD": "pw"}, "REDIS_PASSWORD"),
    ],
)
def test_a_redis_that_cannot_be_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        redis_host(Environment(given))
