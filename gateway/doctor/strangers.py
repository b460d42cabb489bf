"""Checks who speaks that nobody expects: some may belong to the home."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import msgspec

from contract import Kind
from gateway.beside import Beside
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import DialectError
from gateway.doctor.finding import Finding, note
from gateway.hearing.directory import Directory
from gateway.hearing.known_devices import ROW
from gateway.hearing.reader import UNKNOWN
from gateway.journal import Journal
from gateway.journal.intake import Quarantined
from gateway.normaliser import Normaliser

_SHOWN = 5


class _Remembered(msgspec.Struct):
    """What the hub keeps of a device: the state of each of its kinds."""

    channels: dict[str, object] = {}


class Stranger(NamedTuple):
    """A device that spoke and is not in the settings now.

    Attributes:
        device: Its name in its dialect; its topic where no more can be read.
        topic: Where it spoke.
        was_button: Whether it was a help button when the hub last listened to it.
    """

    device: str
    topic: str
    was_button: bool


def strangers(journal: Journal, holds: Beside) -> list[Stranger]:
    """All that the quarantine has, those that spoke last first."""
    aside = [one for one in journal.quarantine() if one.reason == UNKNOWN]
    if not aside:
        return []
    who = _Who(journal, holds)
    aside.sort(key=lambda one: one.at, reverse=True)
    found = {one: None for said in aside for one in who.said(said)}
    return list(found)


def check_strangers(found: list[Stranger], holds: Beside) -> Iterator[Finding]:
    """Names them, for some may be of this home."""
    if names := list(dict.fromkeys(one.topic for one in found)):
        ours = "sensors" in holds.effective.parts
        where = "have the centre set" if ours else "add a [[sensors]] table for"
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield note(
            "unknown devices",
            ", ".join(names[:_SHOWN]) + more,
            f"{where} those that belong to the home; telecare-gateway quarantine shows them",
        )


class _Who:
    """Who said what lies in quarantine, by the settings of now."""

    def __init__(self, journal: Journal, holds: Beside) -> None:
        fitted = Normaliser(holds.settings.hub.home, holds.settings.sensors)
        self._dialect = spoken_in(holds.settings.heard)
        self._directory = Directory(fitted.knows, fitted.parts)
        self._known = journal.devices()
        with suppress(ValueError):  # what is damaged there, `journal` tells
            self._directory.thaw(self._known.get(ROW, b"{}"))

    def said(self, one: Quarantined) -> list[Stranger]:
        """Who said it and is not listed."""
        names = self._strange(one)
        return [Stranger(name, one.topic, self._was_button(name)) for name in names]

    def _strange(self, one: Quarantined) -> list[str]:
        try:
            readings = self._dialect.decode(one.topic, one.payload).readings
        except DialectError:  # it is kept cut short
            readings = []
        if not readings:
            levels = one.topic.split("/")
            return [] if any(self._directory.knows(level) for level in levels) else [one.topic]
        names = dict.fromkeys(self._directory.called(reading.device) for reading in readings)
        return [name for name in names if not self._is_listed(name)]

    def _was_button(self, name: str) -> bool:
        try:
            state = msgspec.json.decode(self._known[name], type=_Remembered)
        except (KeyError, ValueError):  # never heard; or damaged, of which `journal` tells
            return False
        return Kind.BUTTON in state.channels

    def _is_listed(self, name: str) -> bool:
        return self._directory.knows(name) or bool(self._directory.parts(name))
