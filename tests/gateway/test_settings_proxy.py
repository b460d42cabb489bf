"""A proxy on the way to the centre is taken as it is written, and a slip is told with its line."""

from pathlib import Path

import pytest

from gateway.settings import load
from gateway.settings.centre import proxy_problem
from gateway.toml_file import TomlError, slip

FILE = """\
[hub]
id = "hub-1"
home = "h1"

[centre]
url = "https://centre.example"
proxy = {proxy!r}
"""


def written(folder: Path, proxy: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(FILE.format(proxy=proxy), "utf-8")
    return path


@pytest.mark.parametrize(
    "proxy",
    [
        "http://proxy:3128",
        "https://proxy.example",
        "http://10.0.0.1:8080",
        "http://[::1]:1",
        "none",
    ],
)
def test_a_proxy_that_may_be_is_taken(tmp_path: Path, proxy: str) -> None:
    centre = load(written(tmp_path, proxy)).centre
    assert centre is not None
    assert centre.proxy == proxy


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        ("proxy:3128", "is no proxy; allowed are http://host:port, and none"),
        ("ftp://proxy", "is no proxy"),
        ("http://", "is no proxy"),
        ("http://proxy/path", "is no proxy"),
        ("http://proxy:99999", "is no proxy"),
        ("http://user@proxy:3128", "a name or password does not belong into the settings"),
        ("http://:secret@proxy:3128", "a name or password does not belong into the settings"),
    ],
)
def test_a_proxy_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, proxy: str, why: str
) -> None:
    with pytest.raises(TomlError) as refused:
        load(written(tmp_path, proxy))
    assert "hub.toml:7: centre.proxy: " in str(refused.value)
    assert why in str(refused.value)


def test_no_secret_of_a_proxy_is_shown() -> None:
    assert "hunter2" not in (proxy_problem("http://hub:hunter2@proxy:3128") or "hunter2")


def test_a_slip_in_a_file_that_is_gone_meanwhile_is_still_told(tmp_path: Path) -> None:
    told = str(slip(tmp_path / "gone.toml", ("hub", "time_zone"), "is no time zone"))
    assert told.endswith("gone.toml: hub.time_zone: is no time zone")
