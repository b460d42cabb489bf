"""The broker's settings, held by a real Mosquitto: who is let in, and who may say what."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from gateway.dialects.registry import DIALECTS
from tests.conftest import missing
from tests.deploy.wheels import ROOT
from tests.support.broker import mosquitto_binary
from tests.support.ports import free_port

pytestmark = pytest.mark.network

FOLDER = ROOT / "deploy" / "raspberrypi" / "root" / "etc" / "mosquitto"
SETTINGS = (FOLDER / "conf.d" / "telecare.conf").read_text()
WIFI = (FOLDER / "conf.d" / "telecare-wifi.conf").read_text()
DEVICES = ("kettle-plug", "hall-pir")
USERS = ("telecare-hub", "zigbee2mqtt", "installer", *DEVICES)
# What each dialect's devices say, and hear, below their own names.
OWN = (
    "shelly/{}/events/rpc",
    "shelly/{}/rpc",
    "tasmota/tele/{}/SENSOR",
    "tasmota/stat/{}/STATUS10",
    "tasmota/cmnd/{}/Power",
    "esphome/{}/binary_sensor/door/state",
    "plain/{}",
)
REFUSED = "Not authorized"


class Home:
    """A broker as the installer leaves it, on its own port; a user's password is its name."""

    def __init__(self, folder: Path) -> None:
        self.port, self.wifi_port = free_port(), free_port()
        self.log = folder / "log"
        settings = SETTINGS.replace("/etc/mosquitto", str(folder))
        settings = settings.replace("listener 1883 ", f"listener {self.port} ")
        settings += WIFI.replace("listener 1884", f"listener {self.wifi_port}")
        if os.geteuid() == 0:  # else it becomes a user who may not look into a test's folder
            settings += "user root\n"
        (folder / "mosquitto.conf").write_text(settings)
        shutil.copy(FOLDER / "telecare.acl", folder)
        passwords = folder / "telecare.passwd"
        passwords.write_text("".join(f"{user}:{user}\n" for user in USERS))
        subprocess.run(["mosquitto_passwd", "-U", passwords], check=True, capture_output=True)
        with self.log.open("wb") as log:
            command = [str(mosquitto_binary()), "-c", str(folder / "mosquitto.conf")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)

    def wait(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.wifi_port)) == 0:
                    return
            time.sleep(0.02)
        pytest.fail(f"Mosquitto did not take these settings:\n{self.log.read_text()}")

    def client(
        self, user: str | None, password: str | None = None, *, wifi: bool = False, **more: Any
    ) -> aiomqtt.Client:
        port = self.wifi_port if wifi else self.port
        return aiomqtt.Client(
            "127.0.0.1", port, username=user, password=password or user, timeout=5, **more
        )

    def hub(self) -> aiomqtt.Client:
        """As the hub comes: by a name of its own, to a session that the broker keeps."""
        return self.client("telecare-hub", identifier="telecare-hub-1", clean_session=False)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    if mosquitto_binary() is None:
        missing("Mosquitto", "install the package `mosquitto`")
    running = Home(tmp_path)
    running.wait()
    yield running
    running.process.terminate()
    running.process.wait(10)


async def test_what_a_sensor_says_reaches_the_hub(home: Home) -> None:
    async with home.client("telecare-hub") as hub, home.client("zigbee2mqtt") as bridge:
        await hub.subscribe("zigbee2mqtt/#", qos=1)
        await bridge.publish("zigbee2mqtt/kettle", b"{}", qos=1)
        assert str((await anext(aiter(hub.messages))).topic) == "zigbee2mqtt/kettle"


@pytest.mark.parametrize(("user", "password"), [(None, None), ("telecare-hub", "guess")])
async def test_nobody_comes_in_without_a_password(
    home: Home, user: str | None, password: str | None
) -> None:
    with pytest.raises(aiomqtt.MqttError, match=REFUSED):
        async with home.client(user, password):
            pass


@pytest.mark.parametrize(
    ("user", "topic"),
    [
        ("telecare-hub", "zigbee2mqtt/kettle/set"),
        ("telecare-hub", "zigbee2mqtt/bridge/request/permit_join"),
        ("telecare-hub", "elsewhere"),
        ("zigbee2mqtt", "elsewhere"),
        ("installer", "zigbee2mqtt/kettle"),
        ("installer", "zigbee2mqtt/bridge/request/options"),
        ("installer", "zigbee2mqtt/bridge/request/extension/save"),
        ("installer", "zigbee2mqtt/bridge/request/restart"),
    ],
)
async def test_what_a_user_may_not_say_is_never_heard(home: Home, user: str, topic: str) -> None:
    assert await heard(home, user, topic) == ["zigbee2mqtt/last"]


@pytest.mark.parametrize(
    "topic",
    [
        "zigbee2mqtt/bridge/request/permit_join",
        "zigbee2mqtt/bridge/request/device/rename",
        "zigbee2mqtt/bridge/request/device/remove",
        "zigbee2mqtt/bridge/request/networkmap",
        "zigbee2mqtt/bridge/request/health_check",
    ],
)
async def test_whoever_fits_the_sensors_can_let_them_join_and_name_them(
    home: Home, topic: str
) -> None:
    assert await heard(home, "installer", topic) == [topic, "zigbee2mqtt/last"]


async def heard(home: Home, user: str, topic: str) -> list[str]:
    """What the bridge hears of `user` speaking on `topic`, up to a word of its own."""
    async with home.client("zigbee2mqtt") as bridge, home.client(user) as speaker:
        await bridge.subscribe("zigbee2mqtt/#", qos=1)
        await speaker.publish(topic, b"{}", qos=1)  # Mosquitto acknowledges also what it drops
        await bridge.publish("zigbee2mqtt/last", b"{}", qos=1)
        topics: list[str] = []
        async for message in bridge.messages:
            topics.append(str(message.topic))
            if topics[-1] == "zigbee2mqtt/last":
                break
        return topics


def test_every_dialect_that_is_spoken_on_wifi_is_tried() -> None:
    assert {topic.split("/")[0] for topic in OWN} == set(DIALECTS) - {"zigbee2mqtt"}


@pytest.mark.parametrize("topic", OWN)
async def test_what_a_device_on_wifi_says_reaches_the_hub(home: Home, topic: str) -> None:
    said = topic.format("kettle-plug")
    base = said.split("/")[0]
    async with home.client("telecare-hub") as hub:
        await hub.subscribe(f"{base}/#", qos=1)
        async with home.client("kettle-plug", wifi=True) as device:
            await device.publish(said, b"{}", qos=1)
        async with asyncio.timeout(5):
            assert str((await anext(aiter(hub.messages))).topic) == said


@pytest.mark.parametrize(
    "topic", [*(topic.format("hall-pir") for topic in OWN), "zigbee2mqtt/kettle-plug", "plain/x/y"]
)
async def test_a_device_on_wifi_speaks_for_no_other(home: Home, topic: str) -> None:
    """A plug that somebody broke into must not say that a door was opened."""
    async with home.client("telecare-hub") as hub:
        for base in DIALECTS:
            await hub.subscribe(f"{base}/#", qos=1)
        async with home.client("kettle-plug", wifi=True) as device:
            await device.publish(topic, b"{}", qos=1)  # Mosquitto acknowledges also what it drops
            await device.publish("plain/kettle-plug", b"{}", qos=1)
        async with asyncio.timeout(5):
            assert str((await anext(aiter(hub.messages))).topic) == "plain/kettle-plug"


@pytest.mark.parametrize("clean", [True, False])
async def test_a_device_that_takes_the_hub_s_name_takes_no_call_for_help_with_it(
    home: Home, clean: bool
) -> None:
    async with home.hub() as hub:
        await hub.subscribe("zigbee2mqtt/#", qos=1)
    async with home.client("zigbee2mqtt") as bridge:
        await bridge.publish("zigbee2mqtt/pendant", b"while away", qos=1)
        thief = home.client(
            "kettle-plug", wifi=True, identifier="telecare-hub-1", clean_session=clean
        )
        async with thief:
            pass
        again = home.client("kettle-plug", wifi=True, identifier="telecare-hub-1")
        async with home.hub() as hub, again, asyncio.timeout(5):
            await bridge.publish("zigbee2mqtt/pendant", b"while there", qos=1)
            heard = aiter(hub.messages)
            said = [(await anext(heard)).payload for _ in range(2)]
            assert said == [b"while away", b"while there"]


async def test_a_pull_of_a_cord_that_speaks_at_qos_0_waits_for_a_hub_that_starts_anew(
    home: Home,
) -> None:
    async with home.hub() as hub:
        await hub.subscribe("tasmota/#", qos=1)
    async with home.client("kettle-plug", wifi=True) as cord:
        await cord.publish("tasmota/stat/kettle-plug/RESULT", b"pulled", qos=0)
        await cord.publish("tasmota/stat/kettle-plug/RESULT", b"let go", qos=1)
    async with home.hub() as hub, asyncio.timeout(5):
        heard = aiter(hub.messages)
        assert [(await anext(heard)).payload for _ in range(2)] == [b"pulled", b"let go"]


async def test_a_device_on_wifi_hears_nothing_of_the_others(home: Home) -> None:
    async with (
        home.client("kettle-plug", wifi=True) as device,
        home.client("zigbee2mqtt") as bridge,
        home.client("hall-pir", wifi=True) as other,
    ):
        for topic in ("zigbee2mqtt/#", "shelly/#"):
            await device.subscribe(topic, qos=1)
        await bridge.publish("zigbee2mqtt/bathroom-pir", b"{}", qos=1)
        await other.publish("shelly/hall-pir/events/rpc", b"{}", qos=1)
        await device.publish("shelly/kettle-plug/rpc", b"{}", qos=1)
        async with asyncio.timeout(5):
            assert str((await anext(aiter(device.messages))).topic) == "shelly/kettle-plug/rpc"


@pytest.mark.parametrize(("user", "password"), [(None, None), ("kettle-plug", "hall-pir")])
async def test_nobody_on_the_home_s_network_comes_in_without_a_password(
    home: Home, user: str | None, password: str | None
) -> None:
    with pytest.raises(aiomqtt.MqttError, match=REFUSED):
        async with home.client(user, password, wifi=True):
            pass


def test_nobody_outside_the_machine_can_reach_it_where_no_device_was_let_in() -> None:
    listeners = [line for line in SETTINGS.splitlines() if line.startswith("listener")]
    assert listeners == ["listener 1883 127.0.0.1"]


def test_what_waits_for_a_hub_is_kept_but_not_without_end() -> None:
    settings = dict(line.split(" ", 1) for line in SETTINGS.splitlines() if " " in line)
    assert settings["persistence"] == "true"
    assert 0 < int(settings["max_queued_messages"]) <= 100_000
    assert 0 < int(settings["max_queued_bytes"]) <= 64 * 2**20
    # After a crash all of these come again; the hub recognises the last 4,096 deliveries.
    assert int(settings["max_inflight_messages"]) < 4096
