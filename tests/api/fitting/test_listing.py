"""A sensor is listed and given its room on the doorstep; no list of a hub's own is lost by it."""

import json
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fitting.judging import list_of
from api.fitting.listing import PLACES, Wish, listed, wish
from api.refusals import Conflict, Invalid, NotAllowed
from api.services import Services
from api.store.reach import CENTRE
from contract import HomeSettings, Kind
from contract.downlink import digest_of
from tests.api.fitting.visit import Visit, plain, visit
from tests.api.support import NOON, add_user

pytestmark = pytest.mark.network

PENDANT = {"name": "sos", "kind": "button", "place": "pendant", "device": "0x12"}
DOOR = {"name": "door", "kind": "opening", "place": "front_door", "edges": "rising"}
SINCE = NOON.isoformat()


async def sensors(services: Services) -> Any:
    put = (await services.configurations.of(CENTRE, "h17")).settings
    return None if put is None else put.sensors


async def add(at: Visit, name: str, kind: str, place: str) -> httpx.Response:
    return await at.press("sensor", "entry=", name=name, kind=kind, place=place)


async def test_the_first_sensors_of_a_hub_that_has_none_are_listed_one_after_the_other(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    at = await visit(client, services, sensors=[])
    assert "The hub listens to no sensor yet." in await at.shown()
    done = await add(at, " bathroom-pir ", "motion", "Bathroom")
    assert (done.status_code, done.headers["location"].split("?")[0]) == (303, "/fitting/h17")
    await add(at, "door", "opening", "Front door")
    assert await sensors(services) == [
        {"name": "bathroom-pir", "kind": "motion", "place": "bathroom"},
        {"name": "door", "kind": "opening", "place": "front_door"},
    ]
    shown = plain(await at.shown())
    assert "Change Bathroom: movement (bathroom-pir)" in shown
    assert "It has not taken version 2 yet." in shown
    noted = "select count(*) from audit where action = 'configuration.put'"
    assert await connection.fetchval(noted) == 2


async def test_a_list_of_the_hubs_own_file_is_left_alone(
    client: httpx.AsyncClient, services: Services
) -> None:
    """What the hub does not tell of a sensor, such as its device, would be lost, and it unheard."""
    at = await visit(client, services)
    shown = plain(await at.shown())
    assert "listed in the hub's own file, /etc/telecare/hub.toml." in shown
    assert "Add a sensor" not in shown
    filled = {
        **await at.fields("walk"), "do": "sensor", "seen": "0", "entry": "",
        "name": "x", "kind": "motion", "place": "lounge",
    }  # fmt: skip
    answer = await client.post("/fitting/h17", data=filled)
    assert (answer.status_code, "own file" in answer.text) == (422, True)
    assert await sensors(services) is None


async def test_a_sensor_gets_another_room_and_keeps_whatever_else_is_set_for_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    sue = await add_user(services, "sue", role="supervisor")
    put = {"people": 2, "sensors": [PENDANT, DOOR]}
    await services.configurations.put("h17", json.dumps(put).encode(), sue, seen=0)
    await at.press("sensor", "entry=1", kind="opening", place="back door")
    assert await sensors(services) == [PENDANT, {**DOOR, "place": "back_door"}]
    kept = (await services.configurations.of(CENTRE, "h17")).settings
    assert kept is not None
    assert kept.people == 2, "what a supervisor set stays"
    lost = await at.press("sensor", "entry=0", kind="motion", place="lounge")
    assert (lost.status_code, "A help button stays one" in lost.text) == (422, True)


async def test_of_two_who_change_the_list_at_once_the_second_looks_at_it_anew(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services, sensors=[])
    before = await at.fields("sensor", "entry=")
    await add(at, "a", "motion", "lounge")
    answer = await client.post(
        "/fitting/h17", data={**before, "name": "b", "kind": "motion", "place": "bedroom"}
    )
    assert (answer.status_code, "at edition 1 now" in answer.text) == (422, True)
    assert 'value="b"' in answer.text, "what was typed is still there"
    assert len(await sensors(services)) == 1


async def test_what_the_hub_makes_of_the_list_is_said_in_its_own_words(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services, sensors=[])
    await add(at, "a", "motion", "lounge")
    newest = await services.configurations.of(CENTRE, "h17")
    assert newest.content is not None
    told = {"version": 1, "digest": digest_of(bytes(newest.content))}
    await at.says("configuration", **told, state="refused", reason="sensors[0]: <no>")
    shown = await at.shown()
    assert "It refused version 1, and runs on as before." in shown
    assert "sensors[0]: &lt;no&gt;" in shown
    await at.says("configuration", **told, state="applied")
    assert 'id="standing"' not in await at.shown()


async def test_who_fits_no_sensors_changes_no_list(
    client: httpx.AsyncClient, services: Services
) -> None:
    await visit(client, services, sensors=[])
    for role in ("operator", "care_professional"):
        who = await add_user(services, role, role=role)
        with pytest.raises(NotAllowed):
            await services.configurations.put_sensors("h17", lambda now: now, who, seen=0)
    ian = await add_user(services, "ian", role="installer")
    with pytest.raises(NotAllowed):
        await services.configurations.put("h17", b'{"people":2}', ian, seen=0)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("", "motion", "lounge"), "Type the name"),
        (("a\nb", "motion", "lounge"), "Type the name"),
        (("x" * 129, "motion", "lounge"), "Type the name"),
        (("a", "sonar", "lounge"), "Choose what"),
        (("a", "motion", ""), "Type the room"),
        (("a", "motion", "3rd room"), "Type the room"),
        (("a", "motion", "salle à manger"), "Type the room"),
    ],
)
def test_what_will_not_do_is_said_with_what_is_allowed(
    typed: tuple[str, str, str], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        wish(*typed, "")


def test_a_room_is_typed_as_people_write_it() -> None:
    assert wish("a", "motion", " Front  Door ", "2") == Wish(
        name="a", kind="motion", place="front_door", entry=2
    )
    assert [wish("a", "motion", one, "").place for one in PLACES] == list(PLACES)


_ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from("abc"), "kind": st.sampled_from([*Kind]), "place": st.just("p")},
        optional={"device": st.text(), "debounce_s": st.integers(0, 60)},
    ),
    max_size=6,
    unique_by=lambda one: (one["name"], one["kind"]),
)


@given(_ENTRIES, st.sampled_from("abcd"), st.sampled_from([*Kind]), st.none() | st.integers(0, 7))
def test_whatever_is_asked_no_other_sensor_and_no_button_is_lost(
    entries: list[dict[str, Any]], name: str, kind: Kind, entry: int | None
) -> None:
    asked = Wish(name=name, kind=kind, place="lounge", entry=entry)
    try:
        found = listed(entries, asked)
    except (Conflict, Invalid):
        return
    assert len(found) == len(entries) + (entry is None)
    for number, one in enumerate(entries):
        if number != entry:
            assert found[number] == one
        else:
            assert {**one, "kind": kind, "place": "lounge"} == found[number]
    names = [(one["name"], one["kind"]) for one in found]
    assert len(names) == len(set(names))
    buttons = [one["name"] for one in entries if one["kind"] == Kind.BUTTON]
    assert set(buttons) <= {one["name"] for one in found if one["kind"] == Kind.BUTTON}


def hub(*names: str, claimed: bool = True) -> dict[str, Any]:
    said = {"v": 1, "hub": "b", "home": "h", "at": SINCE, "sensors": [{"sensor": n} for n in names]}
    return {"claimed_at": NOON if claimed else None, "health": json.dumps(said)}


def test_the_centre_begins_a_list_only_where_no_hub_of_the_home_has_one() -> None:
    none, unknown = HomeSettings(), {"claimed_at": NOON, "health": None}
    place = {"claimed_at": None, "health": None}
    assert list_of(none, []) is None
    assert list_of(none, [place]) is None
    assert list_of(none, [unknown]) is None, "it has not said yet"
    assert list_of(none, [hub("a")]) is None
    assert list_of(none, [hub(), hub("a")]) is None, "another hub of the home has one"
    assert list_of(none, [hub(), unknown]) is None
    assert list_of(none, [hub(), place]) == []
    assert list_of(HomeSettings(sensors=[DOOR]), [hub("a")]) == [DOOR]
