"""An address is copied from a label or an app, in capitals or not: its device is heard."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from gateway.dialects.networks import spoken_in
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Normaliser
from gateway.settings import load

NOW = 1_800_000_000.0
BLU, PLUS, ZIGBEE = "3c:2e:f5:71:d5:2a", "shellyplusi4-a8032ab0c1d4", "0x00158d0001dc126a"


def rpc(source: str, *events: Mapping[str, object]) -> str:
    params = {"ts": NOW, "events": [{"ts": NOW, **one} for one in events]}
    return json.dumps({"src": source, "method": "NotifyEvent", "params": params})


def blu(address: str) -> tuple[str, str]:
    data = {"pid": 7, "button": 1, "address": address}
    event = {"component": "script:1", "event": "shelly-blu", "data": data}
    return "shelly/gateway/events/rpc", rpc("shellyplus1-a8032ab0c1d5", event)


def wired(source: str) -> tuple[str, str]:
    push = {"component": "input:0", "event": "single_push"}
    return "shelly/bathroom-cord/events/rpc", rpc(source, push)


def zigbee() -> tuple[str, str]:
    return f"zigbee2mqtt/{ZIGBEE}", json.dumps({"action": "single"})


def calls(folder: Path, device: str, topic: str, payload: str) -> list[str]:
    """Which sensors tell of a press in a message."""
    path = folder / "hub.toml"
    path.write_text(f"""
[hub]
id = "hub-1"
home = "h1"
[[networks]]
dialect = "shelly"
[[sensors]]
name = "help"
kind = "button"
place = "bathroom"
device = "{device}"
""")
    settings = load(path)
    hearing = Hearing(
        spoken_in(settings.heard),
        Normaliser("h1", settings.sensors),
        Watermark(),
        Past(),
        follows_wall_clock=True,
    )
    heard = hearing.hear([Message(topic, payload.encode(), 1, False, False, NOW)])
    return [one.sensor for one in heard.events if one.kind == "button"]


@pytest.mark.parametrize("turned", [str, str.upper], ids=["small", "capital"])
@pytest.mark.parametrize(
    ("device", "said"),
    [(BLU, blu(BLU)), (BLU, blu(BLU.upper())), (PLUS, wired(PLUS)), (ZIGBEE, zigbee())],
    ids=["bluetooth", "gateway in capitals", "shelly", "zigbee"],
)
def test_a_help_button_is_heard_however_its_address_is_written(
    tmp_path: Path, device: str, said: tuple[str, str], turned: type[str]
) -> None:
    written = turned(device).replace("0X", "0x")
    assert calls(tmp_path, written, *said) == ["help"]


def test_a_name_that_only_begins_like_an_address_is_left_as_it_is(tmp_path: Path) -> None:
    for name in ("0xFEED", "3C:2E hall", f"Flat 3 {BLU.upper()}", "Bathroom-Cord"):
        said = (f"zigbee2mqtt/{name}", json.dumps({"action": "single"}))
        assert calls(tmp_path, name, *said) == ["help"]
