"""What staff decide of a home reaches its hub whole, in order, and with what alerts turned out."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from api.alerts.lifecycle import Outcome
from api.downlink.configurations import MOST_OUTCOMES, MOST_PUT, MOST_PUT_BYTES
from api.downlink.views import ConfigurationDetail
from api.identity.people import Member
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.services import Services
from api.store.reach import CENTRE
from contract import HomeSettings, decode
from contract.downlink import MAX_SETTINGS_BYTES, digest_of
from tests.api.support import NOON, Device, SettableClock, add_alert, add_device, add_user

RECORDED = {"condition": "uti_risk", "outcome": "test", "on": "2026-01-01"}


@pytest.fixture
async def sue(services: Services) -> Member:
    return await add_user(services, "sue", role="supervisor")


async def asked(services: Services, device: Device, configuration: int = 0) -> dict[str, Any]:
    """What the hub is told of its configuration; {} for nothing."""
    found = await services.asking.answer(
        device.hub, device.home, configuration=configuration, commands=0
    )
    if found.configuration is None:
        return {}
    content = bytes(found.configuration.content)
    assert found.configuration.digest == digest_of(content)
    return {"version": found.configuration.version, **json.loads(content)}


async def resolve(services: Services, alert: int, by: Member, outcome: str) -> None:
    await services.alerts.claim(alert, by)
    await services.alerts.resolve(alert, by, outcome)


async def put(services: Services, home: str, body: bytes, by: Member) -> ConfigurationDetail:
    """Puts over whatever is there, having looked at it."""
    seen = (await services.configurations.of(CENTRE, home)).edition
    return await services.configurations.put(home, body, by, seen=seen)


async def test_what_is_put_is_told_once_and_each_change_is_a_new_version(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    assert await asked(services, device) == {}
    await put(services, device.home, b'{"people":2}', sue)
    assert await asked(services, device) == {"version": 1, "people": 2}
    assert await asked(services, device, 1) == {}
    again = await put(services, device.home, b'{ "people": 2 }', sue)
    assert again.version == 1
    await put(services, device.home, b'{"budget":{"uti_risk":0.25}}', sue)
    assert await asked(services, device, 1) == {"version": 2, "budget": {"uti_risk": 0.25}}


async def test_what_an_alert_turned_out_to_be_reaches_the_hub_by_itself(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    device = await add_device(services, time_zone="Pacific/Auckland")
    await put(services, device.home, b'{"people":2}', sue)
    alert = await add_alert(services, device)
    await resolve(services, alert, sue, Outcome.FALSE_ALARM)
    recorded = {"condition": "uti_risk", "outcome": "false_alarm", "on": "2026-03-11"}
    assert await asked(services, device, 1) == {
        "version": 2, "people": 2, "outcomes": [recorded],
    }  # fmt: skip
    clock.move(days=1)
    other = await add_alert(services, device, 2, id="x:uti_risk:2")
    await resolve(services, other, sue, Outcome.TEST)
    assert (await asked(services, device))["version"] == 2, "a test says nothing of the person"
    by_hand = [{"condition": "uti_risk", "outcome": "true_concern", "on": "2026-01-01"}]
    await put(services, device.home, json.dumps({"outcomes": by_hand}).encode(), sue)
    assert (await asked(services, device))["outcomes"] == [*by_hand, recorded]


async def test_an_outcome_of_two_years_ago_has_no_say_any_more(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    device = await add_device(services)
    await resolve(services, await add_alert(services, device), sue, Outcome.FALSE_ALARM)
    clock.move(days=731)
    await put(services, device.home, b"{}", sue)
    assert await asked(services, device) == {"version": 2}


async def test_a_home_that_nobody_set_and_nothing_happened_in_is_left_to_its_file(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    await resolve(services, await add_alert(services, device), sue, Outcome.NO_CONTACT)
    assert await asked(services, device) == {}
    assert (await services.configurations.of(CENTRE, device.home)).version == 0


async def test_outcomes_that_a_program_reads_and_puts_back_count_once(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    for number in (1, 2):
        alert = await add_alert(services, device, number, id=f"a{number}")
        await resolve(services, alert, sue, Outcome.FALSE_ALARM)
    shown = await services.configurations.of(CENTRE, device.home)
    assert shown.content is not None
    mine = {"condition": "uti_risk", "outcome": "true_concern", "on": "2026-01-01"}
    back = json.loads(bytes(shown.content))
    back["outcomes"] += [mine, mine]
    await put(services, device.home, json.dumps(back).encode(), sue)
    same_day = {"condition": "uti_risk", "outcome": "false_alarm", "on": "2026-03-10"}
    told = await asked(services, device)
    assert told["outcomes"] == [mine, mine, same_day, same_day]


async def test_as_many_outcomes_as_may_be_put_never_make_a_configuration_that_hubs_refuse(
    services: Services, sue: Member, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    shortest = {"condition": "uti_risk", "outcome": "test", "on": "2026-01-01"}
    await put(services, device.home, msgspec.json.encode({"outcomes": [shortest] * MOST_PUT}), sue)
    alert = await add_alert(services, device)
    await connection.execute(
        "insert into alert (home, ref, condition, subject, severity, score, text, prompt, "
        "raised_at, reported_at, report_version, body, received_at, state, resolved_at, outcome) "
        "select home, n::text, 'urgent_household_rule', '', severity, score, text, prompt, "
        "raised_at, reported_at, 1, body, received_at, 'resolved', received_at, 'true_concern' "
        "from alert, generate_series(1, $2::int) as n where id = $1",
        alert, MOST_OUTCOMES + 9,
    )  # fmt: skip
    await resolve(services, alert, sue, Outcome.FALSE_ALARM)
    shown = await services.configurations.of(CENTRE, device.home)
    assert shown.content is not None
    assert len(bytes(shown.content)) <= MAX_SETTINGS_BYTES
    assert len(decode(bytes(shown.content), HomeSettings).outcomes or []) == 1000


async def test_an_alert_that_is_resolved_is_no_change_by_somebody_else(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    seen = (await services.configurations.put(device.home, b'{"people":2}', sue, seen=0)).edition
    await resolve(services, await add_alert(services, device), sue, Outcome.FALSE_ALARM)
    shown = await services.configurations.put(device.home, b'{"people":3}', sue, seen=seen)
    assert (shown.edition, shown.version) == (2, 3)


@pytest.mark.parametrize("state", ["refused", "reverted"])
async def test_a_configuration_that_a_hub_gave_back_can_be_tried_again_once_that_is_mended(
    services: Services, sue: Member, state: str
) -> None:
    device = await add_device(services)
    await put(services, device.home, b'{"people":2}', sue)
    await services.ingest.store(device.batch([report(device, 1, 1, "applied")]), device.home)
    assert (await put(services, device.home, b'{"people":2}', sue)).version == 1
    await services.ingest.store(device.batch([report(device, 2, 1, state)]), device.home)
    assert (await put(services, device.home, b'{"people":2}', sue)).version == 2
    assert await asked(services, device, 1) == {"version": 2, "people": 2}
    assert (await put(services, device.home, b'{"people":2}', sue)).version == 2


async def test_two_who_change_a_home_at_once_do_not_overwrite_each_other_unseen(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    put = services.configurations.put
    outcomes = await asyncio.gather(
        *(put(device.home, f'{{"people":{n}}}'.encode(), sue, seen=0) for n in (2, 3, 4)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Conflict) for one in outcomes) == 2
    assert (await services.configurations.of(CENTRE, device.home)).version == 1


async def test_alerts_resolved_at_once_each_leave_their_outcome(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    alerts = [await add_alert(services, device, n, id=f"a{n}") for n in range(1, 5)]
    await asyncio.gather(*(resolve(services, one, sue, Outcome.FALSE_ALARM) for one in alerts))
    told = await asked(services, device)
    assert (told["version"], len(told["outcomes"])) == (4, 4)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[]", "not a valid HomeSettings"),
        (b"{", "not JSON"),
        (b'{"people":0}', "people"),
        (b'{"poeple":2}', "poeple is no part of it; allowed are time_zone, people"),
        (b'{"time_zone":"Mars/Base"}', "'Mars/Base' is not a time zone"),
        (b'{"budget":{"gout":1}}', "'gout' is no condition"),
        (b'{"budget":{"uti_risk":0}}', "budget"),
        (b'{"outcomes":[{"condition":"gout","outcome":"test","on":"2026-01-01"}]}', "'gout'"),
        (b'{"outcomes":[{"condition":"uti_risk","outcome":"x","on":"2026-01-01"}]}', "no outcome"),
        (
            b'{"context":[{"situation":"away","since":"2026-01-02","until":"2026-01-01"}]}',
            "away ends on 2026-01-01, before it begins",
        ),
        (rb'{"risk":{"age":"\u0000"}}', "NUL"),
        (b" " * (MOST_PUT_BYTES + 1), "at most 49536 bytes"),
        (
            msgspec.json.encode({"outcomes": [RECORDED] * (MOST_PUT + 1)}),
            "outcomes holds at most 800; the centre adds",
        ),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_what_is_allowed(
    services: Services, sue: Member, body: bytes, says: str
) -> None:
    device = await add_device(services)
    with pytest.raises(Invalid, match=says):
        await services.configurations.put(device.home, body, sue, seen=0)
    assert await asked(services, device) == {}


async def test_only_who_may_sets_a_configuration(services: Services, sue: Member) -> None:
    device, ann = await add_device(services), await add_user(services)
    with pytest.raises(Forbidden, match="supervisor"):
        await services.configurations.put(device.home, b"{}", ann, seen=0)
    for call in (
        services.configurations.put("h0", b"{}", sue, seen=0),
        services.configurations.of(CENTRE, "h0"),
    ):
        with pytest.raises(NotFound):
            await call


async def test_the_time_zone_is_also_the_one_in_which_the_console_counts_days(
    services: Services, sue: Member
) -> None:
    device = await add_device(services)
    await put(services, device.home, b'{"time_zone":"Europe/Madrid"}', sue)
    assert (await services.homes.one(CENTRE, device.home)).time_zone == "Europe/Madrid"


def report(device: Device, seq: int, version: int, state: str, **more: Any) -> dict[str, Any]:
    body = {
        "v": 1, "hub": device.hub, "home": device.home, "version": version, "digest": "sha256:x",
        "state": state, "at": NOON.isoformat(), **more,
    }  # fmt: skip
    return {"seq": seq, "kind": "configuration", "body": body}


async def test_staff_see_which_version_a_hub_runs_with_and_why_not_the_newest(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    (standing,) = (await services.configurations.of(CENTRE, device.home)).hubs
    assert (standing.applied, standing.told) == (None, None)
    refused = report(device, 2, 2, "refused", reason="rules[0].kind: no", ignored=["quiet"])
    sent = device.batch([report(device, 1, 1, "applied"), refused, report(device, 3, 1, "odd")])
    await services.ingest.store(sent, device.home)
    await services.ingest.store(sent, device.home)
    (standing,) = (await services.configurations.of(CENTRE, device.home)).hubs
    assert standing.told == 2
    assert (standing.state, standing.reason, standing.ignored) == (
        "refused", "rules[0].kind: no", ["quiet"],
    )  # fmt: skip
    assert await connection.fetchval("select count(*) from other_record") == 3


async def test_a_hub_cannot_report_for_another(services: Services) -> None:
    device, other = await add_device(services), await add_device(services)
    spoof = report(other, 1, 1, "applied")
    receipt = await services.ingest.store(device.batch([spoof]), device.home)
    assert [one.seq for one in receipt.refused] == [1]


async def test_the_content_is_the_contract_s(services: Services, sue: Member) -> None:
    device = await add_device(services)
    shown = await put(services, device.home, b'{"people":3}', sue)
    assert shown.content is not None
    assert decode(bytes(shown.content), HomeSettings) == HomeSettings(people=3)
    assert shown.made_at is not None
    assert abs(shown.made_at - NOON) < timedelta(seconds=1)
