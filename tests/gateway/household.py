"""A hub with its settings, as the tests of whole processes need it."""

from pathlib import Path

from contract import SensorEvent
from gateway.journal import Journal
from gateway.settings import Settings, files, load
from tests.support.program import Program

SETTINGS = """\
[hub]
id = "hub-1"
home = "h1"
health_every_s = 3600

[broker]
host = "127.0.0.1"
port = {port}

{centre}
[clock]
source = "{clock}"

[[sensors]]
name = "bathroom-motion"
kind = "motion"
place = "bathroom"

[[sensors]]
name = "front-door"
kind = "opening"
place = "front_door"
edges = "rising"
debounce_s = 0
"""


class Household:
    """One hub's settings, journal and process.

    Args:
        folder: Where it keeps its things.
        port: The broker's.
        centre: The centre's address; "" for none.
        clock: What moves time.
    """

    def __init__(
        self, folder: Path, *, port: int = 1, centre: str = "", clock: str = "events"
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "hub.toml"
        table = f'[centre]\nurl = "{centre}"\n' if centre else ""
        self.path.write_text(SETTINGS.format(port=port, centre=table, clock=clock), "utf-8")
        command = ("telecare-gateway", "run", "--settings", self.path)
        self.program = Program(command, folder / "hub.log")

    @property
    def settings(self) -> Settings:
        return load(self.path)

    @property
    def journal_path(self) -> Path:
        return files(self.path, self.settings).journal

    def journal(self) -> Journal:
        """The journal, for reading beside whoever writes it."""
        return Journal.open_read_only(self.journal_path)

    def events(self) -> list[SensorEvent]:
        """Every event in the journal; none while there is no journal yet."""
        if not self.journal_path.exists():
            return []
        journal = self.journal()
        try:
            return list(journal.events_until(10**9))
        finally:
            journal.close()
