"""The picture must fit a small terminal and say what is so, or a trainer looks at nonsense."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.devices import Message
from simulator.view.board import Board
from simulator.view.keys import keys_in
from simulator.view.screen import HELP, Scene, picture
from tests.simulator.devices.events import event
from tests.simulator.live.lives import START


def scene(**changed: object) -> Scene:
    shown = Scene(names=["home1", "home2"], residents=[1, 2], zone=ZoneInfo("Europe/London"))
    for name, value in {"at": START, "sensor": "kettle-plug", **changed}.items():
        setattr(shown, name, value)
    return shown


def board() -> Board:
    known = Board(2)
    for n, room in enumerate(["bathroom", "bedroom", "hallway", "kitchen", "lounge"]):
        known.happened(0, event(f"{room}-pir", "motion", room, n))
    for n in range(60):
        known.said(0, Message(START + n, "zigbee2mqtt/hall-pir", b'{"x":' + b"9" * n + b"}"), 0.0)
    return known


@pytest.mark.parametrize("helps", [True, False])
@pytest.mark.parametrize("detects", [True, False])
@pytest.mark.parametrize(("width", "height"), [(80, 24), (132, 50), (80, 12), (30, 24)])
def test_it_fits_the_terminal(width: int, height: int, helps: bool, detects: bool) -> None:
    lines = picture(scene(helps=helps, detects=detects), board(), width, height)
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)
    if (width, height) == (80, 24):
        assert len(lines) == 24
        assert lines[-1].startswith("f fall")


def test_it_says_who_was_last_seen_where_and_what_was_said() -> None:
    text = "\n".join(picture(scene(at=START + 90), board()))
    for word in ("kitchen", "LAST SEEN", "MESSAGES", "hall-pir", "home1 of 2", "kettle-plug"):
        assert word in text


def test_the_help_names_every_key() -> None:
    text = "\n".join(picture(scene(helps=True), board()))
    assert all(what in text for _, what in HELP)


@given(st.binary(max_size=20))
def test_a_payload_never_writes_to_the_terminal(payload: bytes) -> None:
    known = Board(1)
    known.said(0, Message(START, "zigbee2mqtt/x\x1b[2J", payload), 0.0)
    lines = picture(scene(names=["home1"], residents=[1]), known)
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("pressed", "keys"),
    [
        (b"f", ["f"]),
        (b"\x1b[A\x1bOB", ["up", "down"]),
        (b"e\x1b[Cq", ["e", "right", "q"]),
        (b"\x1b", []),
        (b"\x1b[", ["["]),
        (b"", []),
    ],
)
def test_bytes_of_a_terminal_are_keys(pressed: bytes, keys: list[str]) -> None:
    assert list(keys_in(pressed)) == keys
