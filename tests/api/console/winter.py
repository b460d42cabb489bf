"""One winter evening, the same in each run: what the pictures of the documentation show.

Everything follows from `NOW` and from seeds. The centre is filled before it opens, with its clock
going from event to event, and stands still at `NOW` from then on. All names are invented.
"""

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec

from api.alerts.lifecycle import Outcome
from api.cohorts.criteria import Criteria, Trend
from api.cohorts.views import NewCohort
from api.downlink.commands import IssueRequest
from api.identity.access import TokenRequest
from api.identity.people import Member
from api.outbox.service import Wanted
from api.people.consent import GivenBy, Purpose, Scope
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.spell import SpellKind, SpellRequest
from api.reablement.views import NewProgramme, Sequel
from api.response.availability import Hours
from api.response.follow_ups import AddFollowUp
from api.response.key_safe import PutKeySafe
from api.response.plan import BUILT_IN
from api.response.plans import PutPlan
from api.response.views import PutContact
from api.services import Services
from api.timetable import chores
from contract import (
    Alert,
    CommandKind,
    Condition,
    Kind,
    MachineHealth,
    Message,
    SensorHealth,
)
from tests.api.console import scenes
from tests.api.console.centre import PASSWORD, Centre, Hub
from tests.api.console.chances import drawn_from
from tests.api.support import SettableClock

NOW = datetime(2026, 1, 13, 19, 40, tzinfo=UTC)
"""A Tuesday; homes are in London, where it is 19:40 GMT."""
STAFF = (
    ("dana", "First Operator", "operator"),
    ("sam", "Second Operator", "operator"),
    ("sue", "A Supervisor", "supervisor"),
    ("ivy", "An Installer", "installer"),
    ("ada", "An Administrator", "administrator"),
)
HOMES = (
    "12 Ashgrove Court", "Flat 3, Mill Lane", "The Old Bakery", "7 Station Road",
    "Bramble Cottage", "22 Castle Street, Llandudno",
)  # fmt: skip
_MONTHS = timedelta(days=75)
_IDENTITIES = {
    1: Identity(
        name="Margaret Lee", preferred="Peggy", address_as="Mrs Lee", born=date(1939, 3, 11),
        phone="01632 960111", notes="Hard of hearing on the left: let it ring for a while.",
    ),
    2: Identity(name="Harold Finch", born=date(1944, 8, 2), phone="01632 960122"),
    3: Identity(name="Olive Marsh", born=date(1936, 5, 23), phone="01632 960133"),
    4: Identity(name="Edwin Shaw", preferred="Ted", born=date(1941, 12, 4), phone="01632 960144"),
    6: Identity(name="Gwen Pritchard", born=date(1934, 2, 17), language="Welsh"),
}  # fmt: skip


class World:
    """The centre as it is filled, and who works there."""

    def __init__(self, centre: Centre, clock: SettableClock, services: Services) -> None:
        self.centre = centre
        self.clock = clock
        self.at = services
        self.staff: dict[str, Member] = {}
        self.hubs: list[Hub] = []

    def ago(self, **time: float) -> datetime:
        """Goes on to so long before `NOW`; time never runs back."""
        then = NOW - timedelta(**time)
        assert then >= self.clock.now, "what happened first comes first"
        self.clock.now = then
        return then

    async def turn(self) -> None:
        """Has the centre do what is due by now."""
        for chore in chores(self.at):
            if chore.name not in {"clock", "house"}:  # those two go by the database's clock
                await chore.what()

    async def handled(
        self, who: str, alert: int, outcome: Outcome, minutes: float, note: str = ""
    ) -> None:
        """Somebody claims an alert and ends it so many minutes later."""
        await self.at.alerts.claim(alert, self.staff[who])
        self.clock.move(minutes=minutes)
        await self.at.alerts.resolve(alert, self.staff[who], outcome, note=note)


async def winter(centre: Centre, clock: SettableClock) -> dict[str, str]:
    """Fills an empty centre, whose clock is `clock`, until `NOW`; each one's open session."""
    clock.now = NOW - _MONTHS
    await centre.migrate()
    with drawn_from("winter"):
        async with centre.before_it_opens() as services:
            world = World(centre, clock, services)
            for chapter in (_founded, _fitted, _autumn, _last_days, _today, _tonight):
                await chapter(world)
            clock.now = NOW
            await world.turn()
            tokens = {}
            for name in world.staff:
                signed_in = await services.staff.sign_in(name, PASSWORD, "192.0.2.7")
                tokens[name] = signed_in.token
    await _settled(centre)
    return tokens


async def _founded(world: World) -> None:
    for username, name, role in STAFF:
        added = await world.at.staff.add(username, PASSWORD, name=name, role=role)
        world.staff[username] = added
    for number, label in enumerate(HOMES, start=1):
        world.hubs.append(await world.centre.hub(f"home-{number}", label))


async def _fitted(world: World) -> None:
    """People, whom to call, and what was agreed."""
    at, sue, ada = world.at, world.staff["sue"], world.staff["ada"]
    world.ago(days=74)
    for number, identity in _IDENTITIES.items():
        home = f"home-{number}"
        who = await at.people.residents.add(home, identity, sue)
        agreed = Scope(
            conditions=[*_WATCHED], sensors=[Kind.MOTION, Kind.OPENING, Kind.APPLIANCE],
            purposes=[Purpose.CARE_TEAM, Purpose.FAMILY], given_by=GivenBy.PERSON,
            given_on=world.clock.now.date(),
        )  # fmt: skip
        await at.people.residents.agree(home, who, agreed, sue)
        risk = RiskRecord(earlier_uti=number == 1, earlier_falls=number in {2, 6}, medicines=number)
        await at.people.residents.put_risk(home, who, risk, sue, seen=0)
        person = PutContact(
            name=identity.called, person=True, numbers=[identity.phone or "01632 960166"],
            position=0,
        )  # fmt: skip
        await at.response.contacts.add(sue, home, person)
    daytime = Hours(days=[0, 1, 2, 3, 4], begin="08:00", end="18:00")
    for contact in (
        PutContact(
            name="Anna Lee", relation="daughter", keyholder=True, numbers=["01632 960112"],
            note="Lives ten minutes away.", position=1,
        ),
        PutContact(
            name="Tom Birch", relation="neighbour", keyholder=True, numbers=["01632 960113"],
            hours=[daytime], position=2,
        ),
    ):  # fmt: skip
        await at.response.contacts.add(sue, "home-1", contact)
    relative = PutContact(name="Ruth Finch", relation="sister", numbers=["01632 960123"])
    await at.response.contacts.add(sue, "home-2", relative)
    steps = list(BUILT_IN["advisory"])
    plan = PutPlan(seen=0, condition=Condition.UTI_RISK, steps=steps)
    await at.response.plans.put(sue, plan, home="home-1")
    plan = PutPlan(seen=0, priority="urgent", steps=list(BUILT_IN["urgent"]))
    await at.response.plans.put(sue, plan, organisation=1)
    safe = PutKeySafe(place="Left of the back door, behind the pots", code="4711")
    await at.response.key_safes.put(sue, "home-2", safe)
    token = TokenRequest(name="Rota on the ward", scopes=["alerts:read"], days=180)
    await at.access.add_token(token, ada)


_WATCHED = (
    Condition.DEHYDRATION_RISK, Condition.UTI_RISK, Condition.FALL_RISK, Condition.POSSIBLE_FALL,
    Condition.NO_MOVEMENT, Condition.NIGHT_WANDERING,
)  # fmt: skip


async def _autumn(world: World) -> None:
    """An infection that was noticed, a stay in hospital, and two programmes of reablement."""
    at, sue = world.at, world.staff["sue"]
    early = world.ago(days=70)
    await at.reablement.begin(sue, "home-6", NewProgramme(starts=early.date(), weeks=4))
    then = world.ago(days=41)
    first = scenes.alert("home-1", Condition.UTI_RISK, then)
    await world.hubs[0].send([first])
    await world.handled(
        "sam", 1, Outcome.TRUE_CONCERN, 8, "Her GP has prescribed an antibiotic; better by Friday."
    )
    await at.reablement.end(sue, "home-6", Sequel.LESS_SUPPORT)
    world.ago(days=38)
    await world.hubs[0].send([scenes.cleared(first, world.clock.now)])
    begins = world.ago(days=36)
    await world.hubs[3].send(scenes.week("home-4", begins, seed=1, days=14))
    stay = SpellRequest(kind=SpellKind.HOSPITAL, until=begins + timedelta(days=8))
    await at.people.spells.set("home-4", stay, sue)
    world.ago(days=28)
    await world.turn()
    starts = world.clock.now.date()
    await at.reablement.begin(sue, "home-4", NewProgramme(starts=starts, weeks=6))


async def _last_days(world: World) -> None:
    at, sue = world.at, world.staff["sue"]
    four = world.ago(days=4)
    await world.hubs[4].send([scenes.alert("home-5", Condition.BATTERY_LOW, four)])
    lists = (
        NewCohort(name="Drinks less, 80 and over", criteria=Criteria(
            age_at_least=80, trend=Trend(measure="intake", way="less", by=0.1, days=3))),
        NewCohort(name="Alert for a UTI this week", criteria=Criteria(
            alerts=[Condition.UTI_RISK], alert_days=7)),
        NewCohort(name="Fell in the last year", criteria=Criteria(on_record=["earlier_falls"])),
    )  # fmt: skip
    for one in lists:
        await at.cohorts.add(sue, 1, one)
    tasks = (
        (4, "Ask whether the new walking frame is the right height.", 3, "dana"),
        (5, "Have the battery of the hallway sensor changed.", 4, ""),
        (1, "Ring and ask whether the antibiotic was finished.", 6, "sam"),
    )
    for home, what, days, who in tasks:
        due = four.date() + timedelta(days=days)
        asked = AddFollowUp(home=f"home-{home}", what=what, due_on=due, assignee=who)
        await at.response.follow_ups.add(sue, asked)
    leave = SpellRequest(
        kind=SpellKind.HOLIDAY, starts_at=NOW + timedelta(days=4), until=NOW + timedelta(days=9)
    )
    await at.people.spells.set("home-5", leave, sue)
    then = world.ago(hours=30)
    await world.hubs[2].send([scenes.alert("home-3", Condition.SENSOR_SILENT, then)])


async def _today(world: World) -> None:
    """The day's alerts, most of which are over."""
    at = world.at
    for who, home, condition, hours, outcome, minutes in (
        ("sam", 6, Condition.NIGHT_WANDERING, 16.5, Outcome.TRUE_CONCERN, 6),
        ("", 5, Condition.FALL_RISK, 14, None, 0),
        ("dana", 2, Condition.HELP_BUTTON, 11.5, Outcome.FALSE_ALARM, 2),
        ("dana", 4, Condition.NO_MOVEMENT, 9.2, Outcome.KNOWN_REASON, 4),
        ("sam", 3, Condition.POSSIBLE_FALL, 6.4, Outcome.TRUE_CONCERN, 7),
    ):
        raised = world.ago(hours=hours)
        told = await _arrives(world, home, _story(home, condition, raised))
        world.clock.move(seconds=35)
        if outcome is not None:
            await world.handled(who, told, outcome, minutes)
    then = world.ago(hours=5)
    await _arrives(world, 1, scenes.alert("home-1", Condition.UTI_RISK, then))
    world.ago(hours=4)
    await world.hubs[2].send(scenes.week("home-3", world.clock.now, seed=1))
    await _fares(world, 3)
    short = _story(1, Condition.NO_MOVEMENT, world.ago(hours=3))
    number = await _arrives(world, 1, short)
    world.ago(hours=2.5)
    await world.hubs[0].send([scenes.cleared(short, world.clock.now)])
    await world.handled("sam", number, Outcome.FALSE_ALARM, 1, "She was in the garden.")
    thirst = await _arrives(
        world, 4, scenes.alert("home-4", Condition.DEHYDRATION_RISK, world.ago(hours=2))
    )
    fall = _story(2, Condition.POSSIBLE_FALL, world.ago(hours=1.5))
    opened = await _arrives(world, 2, fall)
    await at.alerts.claim(opened, world.staff["dana"])
    await at.response.key_safes.look(world.staff["dana"], "home-2", "No answer at the door.")
    await at.alerts.resolve(opened, world.staff["dana"], Outcome.FALSE_ALARM)
    world.ago(minutes=9)
    await at.alerts.claim(thirst, world.staff["dana"])
    await at.alerts.note(thirst, world.staff["dana"], "Ted will have a cup of tea now.")


async def _tonight(world: World) -> None:
    """Three calls within minutes; a flat that an installer has just fitted."""
    pressed = await _arrives(
        world, 6, scenes.alert("home-6", Condition.HELP_BUTTON, world.ago(minutes=6))
    )
    world.ago(minutes=5)
    await world.at.alerts.claim(pressed, world.staff["sam"])
    await _flat(world)
    await _arrives(world, 3, _story(3, Condition.NO_MOVEMENT, world.ago(minutes=2)))
    for number in (1, 2, 4, 5, 6):
        days = 36 if number in {2, 4} else 7
        events = scenes.week(
            f"home-{number}", world.clock.now, seed=1, poorly=number == 1, days=days
        )
        if number == 4:  # in hospital until then
            events = [one for one in events if one.at > NOW - timedelta(days=28)]
        await world.hubs[number - 1].send(events)
        await _fares(world, number)
    await _arrives(world, 2, _story(2, Condition.POSSIBLE_FALL, world.ago(seconds=40)))
    desk = Wanted(
        name="Night desk of the county", channel="webhook", lanes=["urgent"],
        settings={"url": "https://desk.example/alerts", "secret": f"whsec_{'A' * 43}="},
    )  # fmt: skip
    await world.at.outbox.set(1, desk)  # after all else: nothing is told to it


def _story(home: int, condition: Condition, raised: datetime) -> Alert:
    """An alert that tells of times that go with its own."""
    told = scenes.alert(f"home-{home}", condition, raised)
    said = {
        Condition.POSSIBLE_FALL: ("02:14", raised - timedelta(minutes=38)),
        Condition.NO_MOVEMENT: ("07:50", raised - timedelta(minutes=55)),
        Condition.NIGHT_WANDERING: ("03:05", raised - timedelta(minutes=5)),
    }.get(condition)
    if said is None:
        return told
    return msgspec.structs.replace(told, text=told.text.replace(said[0], f"{said[1]:%H:%M}"))


async def _arrives(world: World, home: int, told: Message) -> int:
    """Has a home's hub send an alert; the centre's number for it."""
    await world.turn()
    await world.hubs[home - 1].send([told])
    queue = await world.at.alerts.queue(world.staff["ada"].reach)
    return max(one.id for lane in (queue.urgent, queue.advisory, queue.technical) for one in lane)


_SENSORS = {
    "bathroom-pir": ("motion", "bathroom", 84.0), "bedroom-pir": ("motion", "bedroom", 67.0),
    "kitchen-pir": ("motion", "kitchen", 91.0), "lounge-pir": ("motion", "lounge", 78.0),
    "hallway-pir": ("motion", "hallway", 11.0), "kettle-plug": ("appliance", "kettle", None),
    "front-door-contact": ("opening", "front_door", 88.0),
}  # fmt: skip


_LOW = {1, 5}
"""Homes in which the battery of the hallway's sensor is low."""


async def _fares(world: World, number: int) -> None:
    now = world.clock.now
    await world.hubs[number - 1].applies()
    sensors = [
        SensorHealth(
            sensor=name, kind=kind, place=place, last_seen=now - timedelta(minutes=4),
            battery=76.0 if name == "hallway-pir" and number not in _LOW else battery,
            link_quality=120.0, online=True,
        )
        for name, (kind, place, battery) in _SENSORS.items()
    ]  # fmt: skip
    machine = MachineHealth(
        system="Debian 12", hardware="Raspberry Pi 5 Model B", python="3.11.2",
        temperature_c=46.0 + number, memory_used_bytes=78_000_000, memory_free_bytes=3_100_000_000,
        load_1m=0.2, clock_synchronised=True,
    )  # fmt: skip
    await world.hubs[number - 1].beat(
        software="0.1.0", started_at=now - timedelta(days=12), every_s=60.0,
        disk_free_bytes=24_000_000_000, sensors=sensors, machine=machine, clock_ahead_s=0.1,
        clock_sure_s=0.05, broker_connected=True,
    )  # fmt: skip


async def _flat(world: World) -> None:
    """Flat 12: its hub is online, two of three sensors were walked past, and it was signed off."""
    at, ivy = world.at, world.staff["ivy"]
    hub = await world.centre.hub("flat-12", "Flat 12, Mill Lane")
    fitted = [("bathroom-pir", "motion", "bathroom"), ("door", "opening", "front_door"),
              ("kettle-plug", "appliance", "kettle")]  # fmt: skip
    await hub.fares(
        *(SensorHealth(sensor=one, kind=kind, place=place, last_seen=world.clock.now, battery=92.0)
          for one, kind, place in fitted)
    )  # fmt: skip
    asked = IssueRequest(kind=CommandKind.WALK_TEST, body={"minutes": 10}, id="walk")
    await at.commands.issue(hub.name, asked, ivy)
    world.clock.move(seconds=20)
    await hub.answer("under_way", "Set off each sensor.")
    for sensor in fitted[:2]:
        world.clock.move(seconds=25)
        await hub.hears(*sensor)
    await at.fittings.called(ivy, "flat-12", key="call-of-the-flat", answered="first")
    await at.fittings.sign(ivy, "flat-12", hub.name, key="sign-of-the-flat", why="comes_later")


async def _settled(centre: Centre) -> None:
    """Nothing is let go because it is long ago by the database's own clock, nor named by lot."""
    connection = await asyncpg.connect(centre.database_url)
    try:
        await connection.execute("update retention set days = 36500 where days is not null")
        await connection.execute("update home set pseudonym = md5(home)::uuid")
    finally:
        await connection.close()


def key_file(folder: Path) -> Path:
    """A key to seal with, which is no secret."""
    file = folder / "key"
    file.write_bytes(base64.b64encode(bytes(32)))
    return file
