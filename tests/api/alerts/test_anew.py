"""Who was helped, and calls again, is heard again; a word that repeats itself wakes nobody."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.alerts.anew import first_news, news
from api.alerts.lifecycle import Action, AlertState
from api.response.attempts import AttemptRequest
from api.response.progress import Result
from api.services import Services
from api.store.reach import CENTRE
from contract import Alert, Evidence, Phase, decode
from tests.api.alerts.test_routes import signed_in
from tests.api.support import Device, SettableClock, add_alert, add_device, add_user, alert

CALL = {"condition": "help_button", "severity": "urgent", "text": "Help was asked for."}
FALL = {"condition": "possible_fall", "severity": "urgent", "text": "Not seen since 10:00."}


def evidence(measure: str, value: float, text: str = "") -> dict[str, Any]:
    return {"measure": measure, "label": measure, "unit": measure, "value": value, "text": text}


def presses(count: int) -> list[dict[str, Any]]:
    return [evidence("presses", count, f"Pressed {count} times.")]


def report(**fields: Any) -> Alert:
    return decode(json.dumps(alert("h1", **fields)).encode(), Alert)


QUIET = [evidence("hours", 2)]
CASES = {
    "pressed again": (CALL, presses(1), {"evidence": presses(2)}, True),
    "pressed again, by a hub that forgot": (CALL, presses(3), {"evidence": presses(1)}, True),
    "the same words": (CALL, presses(1), {"evidence": presses(1)}, False),
    "the same in other words": (CALL, presses(1), {"evidence": presses(1), "text": "So."}, False),
    "a silence that lasts": (FALL, QUIET, {"evidence": [evidence("hours", 9)]}, False),
    "another condition joins": (FALL, QUIET, {"evidence": [*QUIET, evidence("day", 1)]}, True),
    "surer than before": (FALL, QUIET, {"score": 0.99}, False),
    "it is over": (CALL, presses(1), {"evidence": presses(2), "phase": "cleared"}, False),
}  # fmt: skip


@pytest.mark.parametrize(("about", "before", "after", "is_new"), CASES.values(), ids=list(CASES))
def test_what_asks_for_somebody_anew(
    about: dict[str, Any], before: list[dict[str, Any]], after: dict[str, Any], is_new: bool
) -> None:
    known = report(**about, evidence=before)
    said = report(**{**about, "evidence": before, **after}, version=2)
    assert bool(news(known, said)) is is_new
    assert news(None, said) == ("" if said.phase == Phase.CLEARED else said.text)


def test_what_became_urgent_or_holds_again_is_new() -> None:
    calm = report(**{**FALL, "severity": "advisory"})
    ended = report(**FALL, phase="cleared")
    for known in (calm, ended):
        assert news(known, report(**FALL, version=3)) == FALL["text"]


def test_a_call_and_its_end_told_at_once_are_a_call() -> None:
    known = report(**CALL, evidence=presses(1))
    again = report(**CALL, evidence=presses(2), version=2)
    over = report(**CALL, evidence=presses(2), version=3, phase="cleared")
    assert first_news(known, [again, over]) == "Pressed 2 times."
    assert not first_news(known, [over])
    assert first_news(known, [over, again]) == CALL["text"], "what had ended holds again"


REASONS = st.lists(
    st.builds(
        Evidence,
        measure=st.sampled_from(["presses", "hours", "lying"]),
        label=st.text(max_size=5),
        unit=st.text(max_size=5),
        value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        text=st.text(max_size=5),
    ),
    max_size=4,
)


@given(REASONS, REASONS)
def test_whatever_reasons_a_hub_gives_its_batch_is_taken(
    before: list[Evidence], after: list[Evidence]
) -> None:
    known, said = (msgspec.structs.replace(report(**CALL), evidence=one) for one in (before, after))
    new = {one.measure for one in after} - {one.measure for one in before}
    assert bool(news(known, said)) >= bool(new)


async def resolved(services: Services, device: Device, **about: Any) -> int:
    ann = await add_user(services)
    found = await add_alert(services, device, 1, id="a", **about)
    await services.alerts.claim(found, ann)
    await services.alerts.resolve(found, ann, "true_concern")
    return found


async def says(services: Services, device: Device, seq: int, **about: Any) -> None:
    await services.ingest.store(device.batch([device.alert(seq, id="a", **about)]), device.home)


async def test_who_presses_again_after_being_helped_is_in_the_queue_and_duties_begin_anew(
    services: Services, clock: SettableClock, client: httpx.AsyncClient
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    clock.move(hours=3)
    pressed = clock.now
    await says(
        services, device, 2, **CALL, version=2, evidence=presses(2), updated_at=pressed.isoformat()
    )
    (shown,) = (await services.alerts.queue(CENTRE)).urgent
    assert (shown.id, shown.state, shown.again_at) == (found, AlertState.RAISED, pressed)
    line = (await services.alerts.one(CENTRE, found)).history[-1]
    assert (line.action, line.before, line.after, line.by, line.note) == (
        Action.RETURN, AlertState.RESOLVED, AlertState.RAISED, None, "Pressed 2 times.",
    )  # fmt: skip
    clock.move(seconds=59)
    assert await services.alerts.timers.escalate() == 0
    clock.move(seconds=1)
    assert await services.alerts.timers.escalate() == 1
    await says(services, device, 2, **CALL, version=2, evidence=presses(2))  # sent once more
    assert len((await services.alerts.one(CENTRE, found)).history) == len(
        ["claim", "resolve", "return", "escalate"]
    )
    await signed_in(client, "ann")
    for page in ("/queue", f"/alerts/{found}"):
        text = (await client.get(page)).text
        assert "Pressed again at" in text, page
        assert "15:00" in text, page


async def test_a_word_that_repeats_what_was_known_wakes_nobody_and_the_next_press_does(
    services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    clock.move(hours=1)
    await says(services, device, 2, **CALL, version=2, evidence=presses(1), score=0.7)
    assert (await services.alerts.one(CENTRE, found)).alert.state is AlertState.RESOLVED
    await services.alerts.timers.look()
    assert (await services.alerts.queue(CENTRE)).urgent == []
    await says(services, device, 3, **CALL, version=3, evidence=presses(2))
    assert (await services.alerts.one(CENTRE, found)).alert.state is AlertState.RAISED
    bob = await add_user(services, "bob")
    await services.alerts.claim(found, bob)
    await services.alerts.resolve(found, bob, "false_alarm")
    await says(services, device, 4, **CALL, version=4, evidence=presses(2), score=0.6)
    assert (await services.alerts.one(CENTRE, found)).alert.state is AlertState.RESOLVED


async def test_a_call_of_which_the_last_word_cannot_be_read_is_heard_and_keeps_no_batch_back(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    await connection.execute("update alert_report set body = '{}' where alert = $1", found)
    clock.move(hours=1)
    await says(services, device, 2, **CALL, version=2, evidence=presses(1))
    assert (await services.alerts.one(CENTRE, found)).alert.state is AlertState.RAISED


async def test_a_row_that_cannot_be_raised_anew_keeps_no_hub_from_being_rid_of_what_it_has(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    await connection.execute(
        "create function fail() returns trigger language plpgsql as"
        " $$ begin raise exception 'odd' using errcode = '22023'; end $$;"
        "create trigger odd before update of state on alert for each row execute function fail()"
    )
    clock.move(hours=1)
    await says(services, device, 2, **CALL, version=2, evidence=presses(2))
    assert 'passed_over_total{kind="alert"} 1.0' in services.metrics.page().decode()
    await connection.execute("drop trigger odd on alert")
    await services.ingest.store(device.batch([device.alert(3, id="b")]), device.home)
    assert (await services.alerts.one(CENTRE, found)).alert.state is AlertState.RAISED


async def test_a_call_made_anew_comes_to_who_has_the_home_s_other_alerts(
    services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    bob = await add_user(services, "bob")
    other = await add_alert(services, device, 2, id="b")
    await services.alerts.claim(other, bob)
    await says(services, device, 3, **CALL, version=2, evidence=presses(2))
    shown = (await services.alerts.one(CENTRE, found)).alert
    assert shown.claim is not None
    assert (shown.claim.by, shown.claim.unseen) == (bob.shown, True)
    assert clock.now - shown.claim.since == timedelta()


async def test_whoever_is_told_of_raised_alerts_is_told_of_a_call_made_anew(
    services: Services, connection: asyncpg.Connection
) -> None:
    await connection.execute(
        "insert into destination (organisation, name, channel, actions, settings)"
        " select organisation, 'receiver', 'webhook', '{raise}', '{}' from organisation limit 1"
    )
    device = await add_device(services)
    await resolved(services, device, **CALL, evidence=presses(1))
    await says(services, device, 2, **CALL, version=2, evidence=presses(2))
    told = await connection.fetch("select action, body->>'state' as state from outbox order by id")
    assert [tuple(one) for one in told] == [("raise", "raised"), ("raise", "raised")]


async def test_the_plan_of_a_call_made_anew_begins_at_its_first_step(services: Services) -> None:
    device, ann = await add_device(services), await add_user(services)
    found = await add_alert(services, device, 1, id="a", **CALL, evidence=presses(1))
    attempts, version = (
        services.response.attempts,
        (await services.alerts.claim(found, ann)).version,
    )
    first = AttemptRequest(version=version, key="k", step=1, result=Result.ANSWERED)
    await attempts.record(found, ann, first)
    await services.alerts.resolve(found, ann, "true_concern")
    await says(services, device, 2, **CALL, version=2, evidence=presses(2))
    shown = await attempts.of_alert(ann, found)
    assert shown.next is not None
    assert (shown.next.step, shown.due, shown.steps[0].results) == (1, True, [])
    assert [one.result for one in shown.attempts] == [Result.ANSWERED], "what was done stays told"


async def test_a_hub_that_was_cut_off_tells_of_a_call_and_its_end_and_somebody_is_called(
    services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    clock.move(hours=1)
    again = {**CALL, "id": "a", "evidence": presses(2)}
    await services.ingest.store(
        device.batch([
            device.alert(2, version=2, **again),
            device.alert(3, version=3, phase="cleared", **again),
        ]),
        device.home,
    )  # fmt: skip
    (shown,) = (await services.alerts.queue(CENTRE)).urgent
    assert (shown.id, shown.state, shown.cleared_at is not None) == (
        found, AlertState.RAISED, True,
    )  # fmt: skip


async def test_an_end_that_staff_had_seen_coming_is_looked_at_once(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    await says(services, device, 2, **CALL, version=2, evidence=presses(1), phase="cleared")
    assert (await services.alerts.one(CENTRE, found)).alert.state is AlertState.RESOLVED
    left = await connection.fetchval(
        "select count(*) from alert where report_version > seen_version"
    )
    assert left == 0


async def test_a_reason_without_a_figure_does_not_keep_a_hub_from_being_heard(
    services: Services,
) -> None:
    device = await add_device(services)
    found = await resolved(services, device, **CALL, evidence=presses(1))
    lying = {"measure": "lying", "label": "Lying", "unit": "min"}
    await says(services, device, 2, **CALL, version=2, evidence=[*presses(1), lying])
    history = (await services.alerts.one(CENTRE, found)).history
    assert history[-1].note == "Lying."
