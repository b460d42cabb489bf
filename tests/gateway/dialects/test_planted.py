"""A dialect of one's own is one module and one line: nothing else of the hub has to know of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

# What would stand in gateway/dialects/homie.py. https://homieiot.github.io/specification/
MODULE = '''
from gateway.dialects.fields import Gathering, levels_below, nothing, one_of, word
from gateway.dialects.protocol import Decoded, Signal


class Homie:
    """`<base>/<device>/sensor/motion`, a bare word."""

    def __init__(self, base: str = "homie") -> None:
        self._base = base

    @property
    def topics(self) -> list[str]:
        return [f"{self._base}/+/sensor/motion"]

    @property
    def lists(self) -> list[str]:
        return []

    def base_of(self, topic: str, payload: bytes) -> str | None:
        del payload
        levels = topic.split("/")
        return "/".join(levels[:-3]) if levels[-2:] == ["sensor", "motion"] else None

    def decode(self, topic: str, payload: bytes) -> Decoded:
        match levels_below(self._base, topic):
            case [device, "sensor", "motion"] if device:
                found = Gathering()
                check = one_of({"true": 1.0, "false": 0.0})
                found.take(device, "motion", Signal.OCCUPANCY, word(payload), check)
                return found.decoded()
            case _:
                return nothing()
'''
IMPORT = "from gateway.dialects.homie import Homie\n"
LINE = '    "homie": Homie,\n'

# Examined, set, heard, discovered, by the copy of the hub in which it was planted.
PROGRAM = """
import sys
from pathlib import Path
import gateway
from gateway.assembly import make_hub
from gateway.dialects.conformance import check_dialect
from gateway.dialects.networks import spoken_in
from gateway.dialects.registry import DIALECTS
from gateway.discovery.finding import find
from gateway.discovery.proposal import toml
from gateway.discovery.samples import Overheard
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Normaliser
from gateway.settings import load

folder = Path(sys.argv[1])
assert Path(gateway.__file__).parent.parent == folder
check_dialect(DIALECTS["homie"], "home", [("home/hall-pir/sensor/motion", b"true")])

overheard = Overheard()
overheard.hear("home/hall-pir/sensor/motion", b"true", retained=False)
path = folder / "hub.toml"
path.write_text('[hub]\\nid = "hub-1"\\nhome = "h1"\\n')
found = "\\n".join(toml(find(overheard.samples()), load(path)))
path.write_text(path.read_text() + found)

settings = load(path)
hearing = Hearing(
    spoken_in(settings.heard),
    Normaliser("h1", settings.sensors),
    Watermark(),
    Past(),
    follows_wall_clock=True,
)
said = Message("home/hall-pir/sensor/motion", b"true", 0, False, False, 1772323200.0)
(event,) = hearing.hear([said]).events
print(event.sensor, event.kind, event.place)
"""


def planted(folder: Path) -> Path:
    """A copy of the hub with one file and one line more (and the import that the line needs)."""
    copy = folder / "gateway"
    shutil.copytree(ROOT / "gateway", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "dialects" / "homie.py").write_text(MODULE, "utf-8")
    registry = copy / "dialects" / "registry.py"
    before, table, after = registry.read_text("utf-8").partition('    "plain": Plain,\n')
    assert table, "the registry has changed its form"
    imported = before.replace("from gateway.dialects.plain", f"{IMPORT}from gateway.dialects.plain")
    registry.write_text(imported + table + LINE + after, "utf-8")
    return folder


def test_a_planted_dialect_is_examined_set_heard_and_discovered(tmp_path: Path) -> None:
    folder = planted(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout == "hall-pir motion hallway\n"


def test_no_part_of_the_hub_but_the_registry_and_defaults_names_a_dialect() -> None:
    """Settings name the usual dialect, and nothing else looks at which one it is."""
    named = {
        str(path.relative_to(ROOT / "gateway"))
        for path in (ROOT / "gateway").rglob("*.py")
        for name in ("zigbee2mqtt", "shelly", "tasmota", "esphome")
        if f'"{name}"' in path.read_text("utf-8")
        or f"dialects.{name}" in path.read_text("utf-8").replace("(:mod:`gateway.", "")
    }
    modules = {f"dialects/{name}.py" for name in ("zigbee2mqtt", "shelly", "tasmota", "esphome")}
    assert named <= modules | {
        "dialects/registry.py",
        "dialects/zigbee2mqtt.py",
        "settings/broker.py",
    }
