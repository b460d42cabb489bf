"""What is looked at after a hardship: all is at the centre, once, and nothing is made up."""

from collections.abc import Collection, Hashable, Iterable

from contract import Condition, Kind, SensorEvent
from gateway.journal.settling import OWN
from tests.crash import accounts
from tests.crash.household import alerts_in, newest_alerts, undisturbed
from tests.crash.stage import Stage

DAY = 40
"""Messages of a day, roughly."""

CALL = Condition.HELP_BUTTON
OF_CENTRE = frozenset({Condition.HUB_RESTARTS, Condition.HUB_SILENT})
"""What the centre tells by itself, of hubs that it hears too little or too often anew."""
OF_HOME = frozenset(Condition) - OWN - OF_CENTRE
"""What is told of the home, and not of the hub itself."""


async def missing(stage: Stage, *, where_some_are_lost: bool = False) -> set[Hashable]:
    """What was said and the centre does not hold; checks that it holds nothing else.

    Args:
        stage: Where it is.
        where_some_are_lost: Whether the hub cannot know the times of all that was said, by which
            it dates what bears none.
    """
    said, held = stage.devices.said, await stage.centre_ledger.events()
    if where_some_are_lost:
        said = accounts.dated_by_the_heard(said, held)
    found = accounts.events(said, held)
    nothing_made_up(found)
    assert await stage.centre_ledger.refused() == 0
    return set(found.missing)


async def holds(stage: Stage, but: Collection[Hashable] = ()) -> None:
    """Checks that the centre holds each event that was said, once, but for those."""
    found = await missing(stage)
    assert found == set(but), found ^ set(but)


def nothing_made_up(found: accounts.Balance) -> None:
    """Checks that nothing is doubled, altered or invented."""
    assert not found.doubled, found.doubled
    assert not found.invented, found.invented


async def same_alerts(
    stage: Stage,
    heard: Iterable[SensorEvent] | None = None,
    lost: Collection[str] = (),
) -> int:
    """Checks that the centre's alerts are those of an undisturbed run; how many there are.

    Args:
        stage: Where it is.
        heard: What the hub heard; by default what the centre holds.
        lost: Names of alerts of which a word is lost.
    """
    events = await stage.centre_ledger.events() if heard is None else heard
    should = alerts_in(undisturbed(stage.settings, events))
    found = [one for one in await stage.centre_ledger.alerts() if one.condition in OF_HOME]
    both = accounts.alerts(
        *(newest_alerts(one for one in ones if one.id not in lost) for ones in (should, found))
    )
    assert both.even, [str(one)[:200] for one in (*both.missing, *both.invented)]
    return len(found)


async def same_calls(stage: Stage) -> int:
    """Checks that each call for help was told, and none that was not made; how many presses.

    They need no history, so that a hub tells them that has forgotten its last days; what rests on
    silence it may tell of those days, by the time of events. A call of which it forgot the
    beginning or the end may be told as two, or two as one.
    """
    heard = await stage.centre_ledger.events()
    presses = [one.at for one in heard if one.kind == Kind.BUTTON and one.value]
    told = [one for one in await stage.centre_ledger.alerts() if one.condition == CALL]
    invented = [one.id for one in told if one.raised_at not in presses]
    untold = [
        at for at in presses if not any(one.raised_at <= at <= one.updated_at for one in told)
    ]
    assert not invented, invented
    assert not untold, (untold, [(one.id, one.version, one.updated_at) for one in told][-6:])
    return len(presses)


async def live_on(stage: Stage, count: int = DAY) -> None:
    """Says so much, and waits until all of it has arrived."""
    stage.devices.tell(count)
    await stage.settled()


async def start_hub(stage: Stage) -> None:
    """Starts it, and waits until it hears."""
    before = stage.hub.said().count("connected to the broker")
    stage.hub.start()
    await stage.until(
        lambda: stage.hub.said().count("connected to the broker") > before, 60, "connected"
    )
