"""A worn card costs what stood on the worn place: not the hub, and not the other devices."""

from pathlib import Path

import pytest

from contract import Alert, Phase, RecordKind, decode, utc
from gateway.assembly import Assembled, make_hub
from gateway.hearing.known_devices import ROW
from gateway.hearing.message import Message
from gateway.journal import Intake, Journal
from gateway.journal.opening import mark_suspect
from gateway.settings import Hub, Sensor, Settings
from gateway.watch.own_alerts import MEMORY_WEEK_S, OwnAlerts
from tests.gateway.events import START

SETTINGS = Settings(
    hub=Hub(id="hub-1", home="h1"),
    sensors=(
        Sensor(name="pir", kind="motion", place="bathroom"),
        Sensor(name="door", kind="opening", place="front_door"),
    ),
)


def hub_of(journal: Journal, now: float = START) -> Assembled:
    return make_hub(SETTINGS, journal, Path(), now=lambda: now)


async def tell(made: Assembled, device: str, said: bytes, at: float) -> None:
    await made.hub.take([Message(f"zigbee2mqtt/{device}", said, 0, False, False, at)])


async def lived(journal: Journal) -> None:
    made = hub_of(journal)
    await tell(made, "pir", b'{"occupancy": true, "battery": 60}', START)
    await tell(made, "door", b'{"contact": true, "battery": 70}', START + 1)
    await tell(made, "bridge/devices", b"[]", START + 2)


def alerts(journal: Journal) -> list[Alert]:
    return [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]


def happened(journal: Journal) -> list[str]:
    return [one.sensor for _, one in journal.events_after(0, 9) if one.kind != "link"]


def batteries(made: Assembled) -> dict[str, float | None]:
    return {one.sensor: one.battery for one in made.hub._parts.health().sensors}


DAMAGE = {
    "a bit of a state": "update devices set state = "
    "cast(replace(cast(state as text), '60', '61') as blob) where name = 'pir'",
    "no JSON": "update devices set state = x'ff7b', sum = null where name = 'pir'",
    "of another form": "update devices set state = x'5b5d', sum = null where name = 'pir'",
    "a name": "update devices set name = 'pjr' where name = 'pir'",
    "a name that is no text": "update devices set name = cast(x'70ff72' as text) "
    "where name = 'pir'",
}


@pytest.mark.parametrize("how", DAMAGE)
async def test_one_unreadable_byte_in_a_devices_memory_costs_that_memory_and_not_the_hub(
    tmp_path: Path, how: str
) -> None:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        await lived(journal)
        journal._connection.execute(DAMAGE[how])
        made = hub_of(journal, START + 60)
        assert batteries(made) == {"pir": None, "door": 70}
        assert journal.counters()["device_state_lost"] == 1
        (told,) = alerts(journal)
        assert (told.condition, told.severity, told.phase) == ("hub_memory", "technical", "open")
        await tell(made, "door", b'{"contact": false}', START + 61)
        assert happened(journal) == ["pir", "door"]
        again = hub_of(journal, START + 120)
        assert (len(alerts(journal)), batteries(again)["door"]) == (1, 70)


async def test_a_device_that_begins_afresh_tells_its_state_and_not_an_event(
    tmp_path: Path,
) -> None:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        await lived(journal)
        journal._connection.execute("update devices set state = x'7b' where name = 'door'")
        made = hub_of(journal, START + 60)
        await tell(made, "door", b'{"contact": false}', START + 61)
        assert happened(journal) == ["pir"]  # it may have stood open for days
        await tell(made, "door", b'{"contact": true}', START + 71)
        assert happened(journal) == ["pir", "door"]


@pytest.mark.parametrize("state", [b"\0", b"[]"])
async def test_a_damaged_list_of_names_does_not_keep_the_hub_from_starting(
    tmp_path: Path, state: bytes
) -> None:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        journal.write_intake(Intake(devices={ROW: b"{}"}), START)
        journal._connection.execute("update devices set state = ?, sum = null", (state,))
        made = hub_of(journal)
        await tell(made, "pir", b'{"occupancy": true}', START)
        assert happened(journal) == ["pir"]
        assert journal.counters()["device_state_lost"] == 1


async def test_word_of_a_damaged_memory_ends_after_a_week_without_more(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        await lived(journal)
        journal._connection.execute("update devices set state = x'7b' where name = 'door'")
        hub_of(journal)
        own = OwnAlerts(journal)  # the hub was restarted since
        own.look(START + MEMORY_WEEK_S - 60)
        assert [one.phase for one in alerts(journal)] == [Phase.OPEN]
        own.look(START + MEMORY_WEEK_S + 60)
        own.look(START + MEMORY_WEEK_S + 120)
        assert [(one.version, one.phase) for one in alerts(journal)] == [
            (1, Phase.OPEN),
            (2, Phase.CLEARED),
        ]


async def test_a_memory_rebuilt_after_a_power_cut_is_not_told_of_1970(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path, "hub-1", "h1", now=lambda: START) as journal:
        await lived(journal)
    mark_suspect(path)
    with Journal.open(path, "hub-1", "h1", now=lambda: 30.0) as journal:
        (told,) = alerts(journal)
    assert told.raised_at >= utc(START)
