"""`.env.example` lists every setting, and none that does not exist."""

import re

from tests.support.processes import ROOT

READ = re.compile(r'env\.(?:choice|flag|integer|number|secret|text|words)\(\s*"([A-Z_]+)"')


def documented_settings() -> set[str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {match[1] for line in lines if (match := re.match(r"(?:# )?([A-Z_]+)=", line))}


def test_every_setting_is_documented() -> None:
    conf = ROOT / "pixelsite/conf"
    sources = [ROOT / "pixelsite/settings.py", *conf.glob("*.py")]
    read = {name for source in sources for name in READ.findall(source.read_text())}
    loops = re.findall(r'for name in \(("[A-Z_", ]+")\)', (conf / "redis.py").read_text())
    assert read | {name for names in loops for name in re.findall("[A-Z_]+", names)} == (
        documented_settings()
    )


def test_the_limits_that_are_shown_are_those_of_a_site_without_settings() -> None:
    lines = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^(?:# )?(LIMIT_[A-Z_]+)=(\d+)", lines, re.MULTILINE))
    settings = (ROOT / "pixelsite/settings.py").read_text()
    own = dict(re.findall(r'env\.integer\("(LIMIT_[A-Z_]+)", default=(\d+)\)', settings))
    assert shown == own
    assert (own["LIMIT_SOCKETS_PER_ADDRESS"], own["LIMIT_PLACES_PER_MINUTE"]) == ("100", "600")
