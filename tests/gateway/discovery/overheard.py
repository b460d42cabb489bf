"""A broker's talk, made of golden payloads, as the tests of discovery overhear it."""

import json
from pathlib import Path
from typing import Any

from gateway.discovery.finding import Findings, find
from gateway.discovery.samples import Overheard
from gateway.settings import Settings, load
from tests.gateway.dialects.golden import golden

BARE = '[hub]\nid = "hub-1"\nhome = "h1"\n'


def settings(folder: Path, more: str = "") -> Settings:
    """A hub's, with these tables besides."""
    path = folder / "hub.toml"
    path.write_text(BARE + more, "utf-8")
    return load(path)


def of_golden(dialect: str, base: str | None = None) -> list[tuple[str, bytes]]:
    """All golden messages of a dialect, below a base topic."""
    before = f"{dialect if base is None else base}/".lstrip("/")
    return [(one.topic.replace("base/", before, 1), one.payload) for one in golden(dialect)]


def found_in(*said: tuple[str, Any], live: bool = True) -> Findings:
    """What is found where this was said; what is no bytes is said as JSON."""
    overheard = Overheard()
    for topic, payload in said:
        text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        overheard.hear(topic, text, retained=not live)
    return find(overheard.samples())


def names(findings: Findings) -> dict[str, str]:
    """Each device, and the base topic below which it speaks."""
    return {name: base for base, name in findings.devices}
