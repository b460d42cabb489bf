"""Who has left must be out at once with all that they held; nobody gives what is not theirs."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from api.app import create_app
from api.identity.access import TokenRequest
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.staff_views import NewStaff, StaffChange, StaffMember
from api.refusals import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from api.response.follow_ups import AddFollowUp
from api.services import Services
from api.settings import Settings
from tests.api.support import NOON, PASSWORD, SettableClock, add_alert, add_device, add_user

HERE = "192.0.2.1"


async def signed_in(services: Services, username: str) -> Member:
    return (await services.staff.sign_in(username, PASSWORD, HERE)).session.user


async def boss(services: Services, username: str = "boss", **more: Any) -> Member:
    """An administrator who has just signed in."""
    await add_user(services, username, role="administrator", **more)
    return await signed_in(services, username)


async def changed(services: Services, staff: int, by: Member | None, **to: Any) -> StaffMember:
    was = await services.administration.one(staff, None)
    kept = {name: getattr(was, name) for name in StaffChange.__struct_fields__}
    return await services.administration.change(staff, StaffChange(**{**kept, **to}), by)


async def test_who_was_let_go_is_out_everywhere_at_once(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    ann = await add_user(services, "ann")
    token = (await services.staff.sign_in("ann", PASSWORD, HERE)).token
    asked = TokenRequest(name="display", scopes=[Permission.READ_ALERTS])
    program = (await services.access.add_token(asked, ann)).token
    await services.passkeys.begin(await signed_in(services, "ann"), "http://centre")
    gone = await services.administration.disable(ann.id, by)
    assert gone.disabled_at == NOON
    assert await services.staff.session(token) is None
    assert await services.access.by_token(program) is None
    with pytest.raises(NotSignedIn):
        await services.staff.sign_in("ann", PASSWORD, HERE)
    left = await connection.fetchrow(
        "select (select count(*) from session where staff = $1) as sessions, "
        "(select count(*) from passkey_challenge where staff = $1) as challenges, "
        "(select count(*) from api_token where staff = $1 and revoked_at is null) as tokens, "
        "(select count(*) from invitation where staff = $1) as invitations",
        ann.id,
    )
    assert left is not None
    assert set(left.values()) == {0}
    # Let back in, they have what they had, and nothing that was open then is open again.
    assert await services.administration.disable(ann.id, by) == gone
    back = await services.administration.enable(ann.id, by)
    assert back.disabled_at is None
    assert await services.staff.session(token) is None
    assert await services.access.by_token(program) is None
    await services.staff.sign_in("ann", PASSWORD, HERE)
    noted = await connection.fetch(
        "select actor, action from audit where subject = $1 and action like 'staff.%' "
        "and action <> 'staff.add' order by number",
        f"{ann.id}",
    )
    assert [tuple(row) for row in noted] == [
        (by.actor, "staff.disable"),
        (by.actor, "staff.enable"),
    ]


async def test_what_a_leaver_held_is_in_the_queue_at_once_and_its_history_says_so(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    ann, bob = await add_user(services, "ann"), await add_user(services, "bob")
    held = [await add_alert(services, await add_device(services)) for _ in range(3)]
    offered = await add_alert(services, home := await add_device(services))
    others = await add_alert(services, await add_device(services))
    for alert in held:
        await services.alerts.claim(alert, ann)
    await services.alerts.suspend(held[1], ann, clock() + timedelta(hours=1), seen=1)
    await services.alerts.claim(offered, bob)
    await services.alerts.offer(offered, bob, "ann")
    await services.alerts.claim(others, bob)
    task = AddFollowUp(home=home.home, due_on=NOON.date(), what="Ring", assignee="ann")
    await services.response.follow_ups.add(bob, task)
    await services.administration.disable(ann.id, by)
    for alert in held:
        detail = await services.alerts.one(bob.reach, alert)
        assert detail.alert.state == "raised"
        assert detail.alert.claim is None
        last = detail.history[-1]
        assert (last.action, last.after, last.by) == ("release", "raised", None)
        assert last.note == "Its holder may not look after it any more."
        await services.alerts.claim(alert, bob)
    kept = (await services.alerts.one(bob.reach, offered)).alert
    assert kept.claim is not None
    assert (kept.claim.by.username, kept.claim.offered) == ("bob", None)
    assert (await services.alerts.one(bob.reach, others)).alert.version == 2
    assert await connection.fetchval("select assignee from follow_up") is None
    said = await connection.fetch(
        "select action, subject from audit where actor = $1 and kind = 'alert' order by number",
        by.actor,
    )
    assert [tuple(row) for row in said] == [
        *(("alert.release", f"{alert}") for alert in held),
        ("alert.decline", f"{offered}"),
    ]


async def test_less_reach_or_a_lower_role_holds_from_the_next_request_on(
    services: Services,
) -> None:
    other = (await services.organisations.add("Others")).organisation
    by = await boss(services)
    ours = await add_alert(services, await add_device(services))
    theirs = await add_alert(services, await add_device(services, organisation=other))
    ann = await add_user(services, "ann", role="supervisor", organisations=[1, other])
    token = (await services.staff.sign_in("ann", PASSWORD, HERE)).token
    for alert in (ours, theirs):
        await services.alerts.claim(alert, ann)
    after = await changed(services, ann.id, by, organisations=[1], name="Ann C")
    assert (after.name, after.organisations) == ("Ann C", [1])
    session = await services.staff.session(token)
    assert session is not None
    assert session.user.organisations == (1,)
    boss_sees = (await services.alerts.one(by.reach, theirs)).alert
    assert boss_sees.state == "raised"
    assert (await services.alerts.one(session.user.reach, ours)).alert.state == "claimed"
    await changed(services, ann.id, by, role="care_professional")
    assert (await services.alerts.one(by.reach, ours)).alert.state == "raised"
    session = await services.staff.session(token)
    assert session is not None
    assert not session.user.may(Permission.HANDLE_ALERTS)


async def test_nobody_gives_more_than_they_have_or_sees_beyond_it(services: Services) -> None:
    other = (await services.organisations.add("Others")).organisation
    whole = await boss(services)
    by = await boss(services, "ines", organisations=[1])
    ann = await add_user(services, "ann", organisations=[1])
    zoe = await add_user(services, "zoe", organisations=[1, other])
    nobody = await add_user(services, "noa", organisations=[other])
    found = {one.username for one in await services.administration.all(by)}
    assert found == {"ann", "ines"}
    everybody = {one.username for one in await services.administration.all(whole)}
    assert everybody == {"ann", "boss", "ines", "noa", "zoe"}
    for hidden in (whole.id, zoe.id, nobody.id, 99):
        for refused in (
            services.administration.one(hidden, by),
            services.administration.disable(hidden, by),
            services.administration.enable(hidden, by),
            services.administration.invite(hidden, by),
            services.administration.reset_second_factor(hidden, by),
            changed(services, hidden, by),
        ):
            with pytest.raises(NotFound):
                await refused
    with pytest.raises(Invalid, match="no organisation 2"):
        await changed(services, ann.id, by, organisations=[1, other])
    with pytest.raises(Invalid, match="Say whose homes"):
        await changed(services, ann.id, by, organisations=[])
    with pytest.raises(NotAllowed, match="every organisation"):
        await changed(services, ann.id, by, everywhere=True)
    asked = NewStaff(username="eve", name="Eve", role="administrator", everywhere=True)
    with pytest.raises(NotAllowed, match="every organisation"):
        await services.administration.add(asked, by)
    assert (await changed(services, ann.id, whole, everywhere=True)).everywhere
    with pytest.raises(NotFound):  # who looks after everything is beyond who does not
        await services.administration.disable(ann.id, by)


async def test_nobody_changes_themselves(services: Services) -> None:
    await boss(services, "other")
    by = await boss(services)
    for refused in (
        services.administration.disable(by.id, by),
        services.administration.enable(by.id, by),
        services.administration.invite(by.id, by),
        services.administration.reset_second_factor(by.id, by),
        changed(services, by.id, by),
    ):
        with pytest.raises(Conflict, match="yourself"):
            await refused


async def test_the_last_one_who_could_let_others_in_stays(services: Services) -> None:
    last = await add_user(services, "last", role="administrator")
    await add_user(services, "client", role="administrator", organisations=[1])
    invited = NewStaff(username="soon", name="Soon", role="administrator", everywhere=True)
    soon = await services.administration.add(invited, None)
    for refused in (
        services.administration.disable(last.id, None),
        changed(services, last.id, None, role="supervisor"),
        changed(services, last.id, None, everywhere=False, organisations=[1]),
    ):
        with pytest.raises(Conflict, match="last administrator"):
            await refused
    assert (await services.administration.one(last.id, None)).role == "administrator"
    await services.administration.disable(soon.staff, None)  # who never came may go
    await add_user(services, "next", role="administrator")
    await services.administration.disable(last.id, None)


async def test_what_the_provider_says_is_not_changed_here_and_its_people_can_be_let_go(
    services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    ann = await add_user(services, "ann")
    await connection.execute(
        "insert into staff_identity values ('https://id.example', 'a', $1, now())", ann.id
    )
    assert (await services.administration.one(ann.id, by)).by_provider
    with pytest.raises(Conflict, match="provider"):
        await changed(services, ann.id, by, role="supervisor")
    with pytest.raises(Conflict, match="provider"):
        await services.administration.invite(ann.id, by)
    assert (await services.administration.disable(ann.id, by)).disabled_at == NOON


async def test_an_administrator_s_open_desk_lets_nobody_in(
    services: Services, clock: SettableClock
) -> None:
    by = await boss(services)
    ann = await add_user(services, "ann")
    clock.move(minutes=16)
    asked = NewStaff(username="eve", name="Eve", role="operator", organisations=[1])
    for refused in (
        services.administration.add(asked, by),
        services.administration.invite(ann.id, by),
        services.administration.reset_second_factor(ann.id, by),
        changed(services, ann.id, by, role="administrator"),
    ):
        with pytest.raises(Conflict, match="a while since you signed in"):
            await refused
    # To let somebody go cannot wait.
    await services.administration.disable(ann.id, by)
    with pytest.raises(Conflict, match="a while"):
        await services.administration.enable(ann.id, by)


async def test_a_lost_second_factor_is_taken_off_and_what_is_open_ends(
    services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    ann = await add_user(services, "ann")
    token = (await services.staff.sign_in("ann", PASSWORD, HERE)).token
    with pytest.raises(Conflict, match="no second factor"):
        await services.administration.reset_second_factor(ann.id, by)
    await connection.execute(
        "insert into passkey (staff, credential, public_key, sign_count, name, synced, added_at) "
        "values ($1, 'c', 'k', 0, 'Phone', false, now())",
        ann.id,
    )
    assert (await services.administration.one(ann.id, by)).second_factor
    await services.administration.reset_second_factor(ann.id, by)
    assert not (await services.administration.one(ann.id, by)).second_factor
    assert await services.staff.session(token) is None
    await services.staff.sign_in("ann", PASSWORD, HERE)


async def test_a_program_that_is_told_of_leavers_lets_them_go_and_lets_nobody_in(
    client: httpx.AsyncClient, services: Services
) -> None:
    by = await boss(services)
    ann = await add_user(services, "ann")
    asked = TokenRequest(name="leavers", scopes=[Permission.MANAGE_STAFF])
    headers = {"Authorization": f"Bearer {(await services.access.add_token(asked, by)).token}"}
    assert len((await client.get("/v1/staff", headers=headers)).json()) == 2
    gone = await client.post(f"/v1/staff/{ann.id}/disable", headers=headers)
    assert gone.json()["disabled_at"]
    for method, path in (
        ("POST", "/v1/staff"), ("PUT", f"/v1/staff/{ann.id}"),
        ("POST", f"/v1/staff/{ann.id}/enable"), ("POST", f"/v1/staff/{ann.id}/invitation"),
        ("DELETE", f"/v1/staff/{ann.id}/second-factor"), ("PUT", "/v1/password"),
    ):  # fmt: skip
        answer = await client.request(method, path, headers=headers, json={})
        assert answer.status_code == 403, path


async def test_over_http_somebody_is_invited_changed_and_let_go(
    client: httpx.AsyncClient, services: Services, migrated_url: str
) -> None:
    await add_user(services, "boss", role="administrator")
    who = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["x-csrf-token"] = who.json()["csrf"]
    new = {"username": "ann", "name": "Ann B", "role": "operator", "organisations": [1]}
    made = await client.post("/v1/staff", json=new)
    assert made.status_code == 201
    number = made.json()["staff"]
    assert made.json()["link"].startswith("http://centre/invitation#")
    assert (await client.post("/v1/staff", json=new)).status_code == 409
    shown = (await client.get(f"/v1/staff/{number}")).json()
    assert (shown["everywhere"], shown["organisations"]) == (False, [1])
    assert shown["invited_until"] == made.json()["expires_at"]
    put = {**new, "version": shown["version"], "role": "supervisor"}
    put.pop("username")
    after = await client.put(f"/v1/staff/{number}", json=put)
    assert after.json()["role"] == "supervisor"
    late = await client.put(f"/v1/staff/{number}", json=put)
    assert (late.status_code, late.json()["version"]) == (409, after.json()["version"])
    assert (await client.put(f"/v1/staff/{number}", json={**put, "role": "x"})).status_code == 422
    again = await client.post(f"/v1/staff/{number}/invitation")
    assert again.json()["link"] != made.json()["link"]
    assert (await client.post(f"/v1/staff/{number}/disable")).json()["disabled_at"]
    assert (await client.post(f"/v1/staff/{number}/invitation")).status_code == 409
    assert (await client.post(f"/v1/staff/{number}/enable")).json()["disabled_at"] is None
    elsewhere = create_app(Settings(database_url=migrated_url, public_url="https://c.example/"))
    there: Services = elsewhere.state.services
    await there.timekeeper.look()
    link = (await there.administration.invite(number, None)).link
    await there.database.close()
    assert link.startswith("https://c.example/invitation#")
