"""A board that counts wrongly calls nobody, or calls everybody: each figure is counted twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.alerts.duties import Duty
from api.floor import figures

NOW = datetime(2026, 10, 25, 3, 20, tzinfo=UTC)  # the night that British summer time ends
LANE = {1: "urgent", 2: "advisory", 3: "technical"}
MADE = figures.promises(
    [
        (None, Duty(priority="urgent", kind="seconds", within_s=60, share=0.975)),
        (None, Duty(priority="advisory", kind="same_day", share=0.9)),
        (2, Duty(priority="urgent", kind="seconds", within_s=600, share=0.9)),
        (2, Duty(priority="urgent", level=2, kind="seconds", within_s=1, share=0.9)),
    ]
)

_ago = st.integers(0, 20 * 3600).map(lambda s: NOW - timedelta(seconds=s))
_open = st.fixed_dictionaries(
    {
        "organisation": st.sampled_from([1, 2, None]),
        "lane": st.sampled_from([1, 2, 3]),
        "state": st.sampled_from(["raised", "escalated", "claimed", "suspended", "shelved"]),
        "time_zone": st.just("Europe/London"),
        "since": _ago,
    }
)


@given(st.lists(_open, max_size=30))
def test_each_lane_of_the_board_counts_what_is_in_it(alerts: list[dict[str, Any]]) -> None:
    found = figures.lanes(alerts, MADE, NOW)
    assert [one.priority for one in found] == ["urgent", "advisory", "technical"]
    assert sum(one.waiting + one.in_hand + one.suspended + one.shelved for one in found) == len(
        alerts
    )
    urgent = [a for a in alerts if a["lane"] == 1 and a["state"] in {"raised", "escalated"}]
    patience = {1: 60, 2: 600, None: 60}
    late = [a for a in urgent if (NOW - a["since"]).total_seconds() >= patience[a["organisation"]]]
    assert (found[0].waiting, found[0].late) == (len(urgent), len(late))
    assert found[0].oldest == min((a["since"] for a in urgent), default=None)
    assert found[2].late == 0  # nothing was promised of these


def test_a_day_that_ends_by_the_home_s_clock_makes_late_what_came_the_day_before() -> None:
    rows = [
        {"organisation": 1, "lane": 2, "state": "raised", "time_zone": "Europe/London", "since": at}
        for at in (
            datetime(2026, 10, 24, 22, 59, tzinfo=UTC),
            datetime(2026, 10, 24, 23, 1, tzinfo=UTC),
        )
    ]
    assert figures.lanes(rows, MADE, NOW)[1].late == 1


@st.composite
def _came(draw: st.DrawFn) -> dict[str, Any]:
    at = draw(_ago)
    after = draw(st.none() | st.integers(0, 900))
    looked = None if after is None else at + timedelta(seconds=after)
    return {
        "lane": draw(st.sampled_from([1, 2])),
        "time_zone": "Europe/London",
        "received_at": at,
        "looked_at": looked if looked is None or looked <= NOW else None,
        "aside_at": at if draw(st.booleans()) else None,
    }


@given(st.lists(_came(), max_size=25), st.lists(_came(), max_size=25), st.integers(1, 24))
def test_no_alert_is_missing_from_the_hours_and_none_is_told_twice(
    of_one: list[dict[str, Any]], of_two: list[dict[str, Any]], hours: int
) -> None:
    found = figures.kept({1: of_one, 2: of_two}, MADE, NOW, hours)
    assert [one.begins for one in found] == [
        datetime(2026, 10, 25, 3, tzinfo=UTC) - timedelta(hours=back)
        for back in range(hours - 1, -1, -1)
    ]
    for hour in found:
        told = [0, 0, 0]
        for rows, within in ((of_one, 60), (of_two, 600)):
            for row in rows:
                since = row["received_at"] - hour.begins
                looked, ends = row["looked_at"], row["received_at"] + timedelta(seconds=within)
                aside = row["aside_at"] and looked != row["received_at"]  # before anybody looked
                if row["lane"] != 1 or aside or not 0 <= since.total_seconds() < 3600:
                    continue
                if looked is not None:
                    told[0 if looked <= ends else 1] += 1
                else:
                    told[2 if ends > NOW else 1] += 1
        assert [hour.in_time, hour.late, hour.waiting] == told
    whole = figures.whole(found)
    assert whole.in_time == sum(one.in_time for one in found)
    assert whole.share is None or 0 <= whole.share <= 1


def test_a_client_to_whom_nothing_urgent_was_promised_is_in_no_share() -> None:
    row = {"lane": 1, "time_zone": "UTC", "received_at": NOW, "looked_at": None, "aside_at": None}
    [hour] = figures.kept({1: [row]}, {1: [], None: []}, NOW, 1)
    assert (hour.in_time, hour.late, hour.waiting) == (0, 0, 0)
