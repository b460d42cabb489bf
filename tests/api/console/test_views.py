"""What pages show follows from what the services answer, and from nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.alerts.lifecycle import Action, AlertState, Outcome
from api.alerts.views import AlertDetail, AlertSummary, Claim, Entry, Queue, Resolution
from api.console.text import catalogue
from api.console.views import words
from api.console.views.alert import alert_page
from api.console.views.home import SensorLine, count_rows, home_page, kind_name
from api.console.views.measures import compared, day_label, measure, number
from api.console.views.queue import queue_page, seen_by
from api.console.views.ribbon import DAYS, LONG, QUARTERS, ribbons
from api.console.views.times import Clock, in_words
from api.homes.views import SILENT, Activity, Count, DayCounts, Days, HomeDetail, Hub, Sensor
from api.identity.people import User
from contract import Condition, Day, Evidence, HubHealth, SensorHealth, Severity, encode
from tests.api.console import scenes

NOW = datetime(2026, 3, 10, 21, 30, tzinfo=UTC)
TEXT = catalogue()
DANA = User(id=1, username="dana", name="First Operator", role="operator")
SAM = User(id=2, username="sam", name="Second Operator", role="operator")
AFTER_CLOCK_CHANGES = (
    datetime(2026, 3, 30, 12, tzinfo=UTC),
    datetime(2026, 10, 26, tzinfo=UTC),
)
LONDON = Clock(NOW, "Europe/London", TEXT)


def summary(**changed: Any) -> AlertSummary:
    fields: dict[str, Any] = {
        "id": 7, "version": 1, "report_version": 1, "home": "h1", "label": "", "subject": "",
        "time_zone": "Europe/London", "condition": "possible_fall", "severity": "urgent",
        "score": 0.9, "text": "Nothing moved.", "prompt": "Ring now.", "raised_at": NOW,
        "reported_at": NOW, "received_at": NOW, "cleared_at": None, "state": AlertState.RAISED,
        "claim": None, "lapsed": None, "resolution": None,
    }  # fmt: skip
    return AlertSummary(**{**fields, **changed})


def held(by: User, **changed: Any) -> AlertSummary:
    claim = Claim(by=by, since=NOW - timedelta(minutes=5), until=NOW + timedelta(minutes=5))
    return summary(state=AlertState.CLAIMED, claim=claim, **changed)


def detail(alert: AlertSummary, **changed: Any) -> AlertDetail:
    report = scenes.alert("h1", Condition.UTI_RISK, NOW)
    fields: dict[str, Any] = {
        "alert": alert, "report": msgspec.Raw(encode(report)), "history": [], "earlier": [],
    }  # fmt: skip
    return AlertDetail(**{**fields, **changed})


class TestTimes:
    def test_today_is_told_by_its_time_and_zone(self) -> None:
        assert ">21:05 GMT</time>" in LONDON.stamp(NOW - timedelta(minutes=25))

    def test_another_day_is_named_and_keeps_the_zone_it_had(self) -> None:
        told = Clock(datetime(2026, 4, 2, 9, tzinfo=UTC), "Europe/London", TEXT)
        assert ">Sat 28 Mar 22:00 GMT</time>" in told.stamp(datetime(2026, 3, 28, 22, tzinfo=UTC))
        assert ">Mon 30 Mar 23:00 BST</time>" in told.stamp(datetime(2026, 3, 30, 22, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("zone", "told"),
        [("America/New_York", "17:30 EDT"), ("Asia/Dubai", "Wed 11 Mar 01:30 UTC+04")],
    )
    def test_a_home_abroad_has_its_own_day_and_zone(self, zone: str, told: str) -> None:
        clock = Clock(NOW, zone, TEXT)
        elsewhere = told.split(" ", 3)[-1] if "Mar" in told else told
        assert elsewhere in clock.stamp(NOW)

    @pytest.mark.parametrize(
        ("seconds", "told"),
        [
            (-30, "under a minute"), (59, "under a minute"), (60, "1 min"), (3599, "59 min"),
            (3600, "1 h"), (4800, "1 h 20 min"), (11 * 3600 + 60, "11 h"), (47 * 3600, "47 h"),
            (48 * 3600, "2 days"),
        ],
    )  # fmt: skip
    def test_an_age_is_never_rounded_up(self, seconds: float, told: str) -> None:
        assert in_words(seconds, TEXT) == told


class TestQueue:
    def lanes(self, *urgent: AlertSummary, total: int | None = None) -> Any:
        counts = {"urgent": len(urgent) if total is None else total, "advisory": 0, "technical": 0}
        queue = Queue(urgent=list(urgent), advisory=[], technical=[], total=counts)
        return seen_by(DANA, queue_page(queue, NOW, TEXT))

    def test_what_nobody_has_stands_before_what_is_being_handled(self) -> None:
        page = self.lanes(held(SAM, id=1), summary(id=2), held(DANA, id=3))
        lane = page.lanes[0]
        assert [card.id for card in lane.waiting] == [2]
        assert [card.id for card in lane.held] == [1, 3]
        assert (page.waiting, page.held, page.mine) == (1, 2, 1)

    def test_what_is_not_shown_is_counted(self) -> None:
        page = self.lanes(summary(), total=41)
        assert page.lanes[0].hidden == 40
        assert page.waiting == 41

    @pytest.mark.parametrize(
        ("waited", "form"),
        [(59, "fresh"), (60, "late"), (180, "overdue")],
    )
    def test_an_urgent_alert_that_waits_changes_form(self, waited: int, form: str) -> None:
        page = self.lanes(summary(raised_at=NOW - timedelta(seconds=waited)))
        assert page.lanes[0].waiting[0].age.form == form

    def test_an_alert_that_somebody_has_waits_for_nobody(self) -> None:
        page = self.lanes(held(SAM, raised_at=NOW - timedelta(hours=3)))
        assert page.lanes[0].held[0].age.form == "fresh"

    def test_a_severity_of_a_newer_hub_is_urgent(self) -> None:
        assert words.severity("catastrophic") is Severity.URGENT

    def test_a_condition_of_a_newer_hub_is_shown_by_its_word(self) -> None:
        page = self.lanes(summary(condition="gas_leak"))
        assert page.lanes[0].waiting[0].title == "Change noticed (gas leak)"

    def test_a_home_without_a_name_is_shown_by_its_identifier(self) -> None:
        page = self.lanes(summary(label="<b>Flat 3</b>"), summary(home="h9"))
        assert [card.home for card in page.lanes[0].waiting] == ["<b>Flat 3</b>", "h9"]


class TestAlert:
    def test_only_its_holder_may_end_it(self) -> None:
        mine = alert_page(detail(held(DANA)), DANA, NOW, TEXT)
        theirs = alert_page(detail(held(SAM)), DANA, NOW, TEXT)
        assert {Action.RESOLVE, Action.RELEASE, Action.NOTE} <= mine.actions
        assert theirs.actions == {Action.NOTE, Action.TAKEOVER}

    def test_history_tells_hub_and_staff_in_one_line_of_time(self) -> None:
        entries = [
            Entry(at=NOW + timedelta(minutes=2), by=SAM, action="claim", note="", outcome=None,
                  before=AlertState.RAISED, after=AlertState.CLAIMED),
            Entry(at=NOW + timedelta(minutes=12), by=None, action="lapse", note="", outcome=None,
                  before=AlertState.CLAIMED, after=AlertState.RAISED),
            Entry(at=NOW + timedelta(minutes=13), by=SAM, action="teleport", note="!", outcome=None,
                  before=AlertState.RAISED, after=AlertState.RAISED),
        ]  # fmt: skip
        alert = summary(cleared_at=NOW + timedelta(minutes=5))
        page = alert_page(detail(alert, history=entries), DANA, NOW, TEXT)
        assert [line.what for line in page.history] == [
            "Second Operator: teleport",
            "The claim ran out of time",
            "Over, the home&#39;s hub says",
            "Second Operator claimed it",
            "Raised by the home&#39;s hub",
        ]

    def test_what_else_is_open_in_the_home_is_shown_with_who_has_it(self) -> None:
        end = Resolution(by=SAM, at=NOW, outcome=Outcome.FALSE_ALARM)
        others = [
            held(SAM, id=3, condition="no_movement"),
            summary(id=4, condition="battery_low"),
            summary(id=5, state=AlertState.RESOLVED, resolution=end),
        ]
        page = alert_page(detail(summary(), earlier=others), DANA, NOW, TEXT)
        assert [(past.id, past.handler) for past in page.beside] == [(3, SAM.name), (4, None)]

    def test_earlier_alerts_are_of_the_same_kind_and_say_how_they_ended(self) -> None:
        end = Resolution(by=SAM, at=NOW, outcome=Outcome.FALSE_ALARM)
        earlier = [
            summary(id=3, state=AlertState.RESOLVED, resolution=end),
            summary(id=4, condition="battery_low"),
        ]
        page = alert_page(detail(summary(), earlier=earlier), DANA, NOW, TEXT)
        assert [(past.id, past.ended) for past in page.earlier] == [(3, "A false alarm")]


class TestMeasures:
    @pytest.mark.parametrize(
        ("value", "low", "high", "word"),
        [
            (None, 1, 3, "unseen"), (2, None, 3, "unknown"), (1, 1, 3, "within"),
            (3, 1, 3, "within"), (3.1, 1, 3, "above"), (0.9, 1, 3, "below"),
        ],
    )  # fmt: skip
    def test_a_value_stands_against_the_band_whose_ends_belong_to_it(
        self, value: float | None, low: float | None, high: float | None, word: str
    ) -> None:
        assert compared(value, low, high) == word

    @pytest.mark.parametrize(
        ("value", "told"),
        [(6.0, "6"), (0.5, "0.5"), (0.625, "0.62"), (12.34, "12.3"), (110.0, "110"), (0.0, "0")],
    )
    def test_numbers_have_no_digit_that_nobody_reads(self, value: float, told: str) -> None:
        assert number(value, TEXT) == told

    def test_a_day_that_was_not_seen_is_not_a_zero(self) -> None:
        days = [Day(day="2026-03-09"), Day(day="2026-03-10", value=0.0, usual=2, low=1, high=3)]
        shown = measure(Evidence(measure="m", label="M", unit="visits", days=days), TEXT)
        assert [(row.seen, row.compared) for row in shown.rows] == [
            ("Not seen", "unseen"),
            ("0", "below"),
        ]
        assert shown.rows[1].usual_text == "2 (1 to 3)"

    def test_a_day_in_a_form_of_its_own_is_shown_as_it_came(self) -> None:
        assert day_label("day 70", TEXT) == "day 70"


class TestRibbons:
    @given(
        st.lists(
            st.tuples(
                st.integers(min_value=0, max_value=7 * 24 * 60 - 1),
                st.sampled_from(scenes.ROOMS),
                st.integers(min_value=1, max_value=50),
            ),
            max_size=60,
        ),
        st.sampled_from([NOW, *AFTER_CLOCK_CHANGES]),
    )
    def test_everything_that_was_heard_is_drawn_once_and_in_its_lane(
        self, heard: list[tuple[int, str, int]], now: datetime
    ) -> None:
        clock = Clock(now, "Europe/London", TEXT)
        first = clock.local(now).date() - timedelta(days=DAYS - 1)
        week = [
            Activity(at=now - timedelta(minutes=ago), place=place, n=n) for ago, place, n in heard
        ]
        week = [each for each in week if clock.local(each.at).date() >= first]
        drawn = ribbons(week, now, clock)
        assert len(drawn) == DAYS
        assert sum(lane.n for day in drawn for lane in day.lanes) == sum(each.n for each in week)
        orders = {tuple(lane.place for lane in day.lanes) for day in drawn}
        assert len(orders) == 1, "the same room stands in the same lane on every day"
        for day in drawn:
            assert all(0 <= cell.x < QUARTERS for lane in day.lanes for cell in lane.cells)
            assert all(x >= 0 and x + length <= QUARTERS for x, length in day.blind)

    def test_four_weeks_show_what_was_heard_before_the_last_one(self) -> None:
        old = Activity(at=NOW - timedelta(days=LONG - 1), place="kitchen", n=3)
        drawn = ribbons([old], NOW, LONDON, LONG)
        assert (len(drawn), drawn[-1].lanes[0].n) == (LONG, 3)

    def test_after_the_last_word_nothing_can_be_said(self) -> None:
        week = [Activity(at=NOW - timedelta(hours=4), place="kitchen", n=1)]
        today = ribbons(week, NOW - timedelta(hours=4), LONDON)[0]
        assert today.blind == [(71, 16)]  # 17:45 to 21:45
        assert today.now == 86

    def test_a_day_without_any_word_cannot_be_judged(self) -> None:
        days = ribbons([Activity(at=NOW, place="kitchen", n=1)], NOW, LONDON)
        assert days[0].blind == []
        assert days[1].blind == [(0, QUARTERS)]

    def test_a_home_that_was_never_heard_is_not_a_quiet_home(self) -> None:
        assert ribbons([], None, LONDON)[0].blind == [(0, 87)]


class TestCounts:
    def week(self, *days: list[Count]) -> Days:
        counted = [
            DayCounts(day=f"{date(2026, 3, 10 - len(days) + 1 + index)}", counts=counts)
            for index, counts in enumerate(days)
        ]
        return Days(home="h1", time_zone="Europe/London", days=counted)

    def test_no_use_on_a_day_that_was_heard_is_nought_and_on_a_silent_day_unknown(self) -> None:
        kettle = Count(place="kettle", kind="appliance", count=4, total=400)
        motion = Count(place="hallway", kind="motion", count=30, total=30)
        rows = count_rows(self.week([kettle, motion], [motion], [], [motion]), NOW.date(), TEXT)
        assert rows[1].label == "Kettle: used"
        assert rows[1].days == ["4", "0", "No data", "0"]
        assert rows[1].mean == "2", "today is not over and the silent day was not seen"

    def test_temperatures_are_averaged_and_not_counted(self) -> None:
        warm = Count(place="lounge", kind="temperature", count=4, total=82)
        assert count_rows(self.week([warm], [warm]), NOW.date(), TEXT)[0].days == ["20.5", "20.5"]

    def test_the_link_of_a_sensor_says_nothing_of_the_person(self) -> None:
        link = Count(place="lounge", kind="link", count=4, total=4)
        assert count_rows(self.week([link]), NOW.date(), TEXT) == []


class TestSensors:
    def lines(self, *fares: SensorHealth, told: timedelta = timedelta()) -> dict[str, SensorLine]:
        at = NOW - told
        health = HubHealth(hub="hub-1", home="h1", at=at, sensors=list(fares))
        hub = Hub(
            hub="hub-1", claimed=True, last_seen_at=at, health_at=at,
            health=msgspec.Raw(encode(health)), missing=0,
        )  # fmt: skip
        heard = Sensor(sensor="pir", kind="motion", place="hallway", last_at=NOW, battery=80.0)
        home = HomeDetail(
            home="h1", label="", time_zone="Europe/London", hubs=[hub], sensors=[heard], alerts=[]
        )
        page = home_page(home, Days(home="h1", time_zone="Europe/London", days=[]), [], NOW, TEXT)
        return {line.name: line for line in page.sensors}

    def test_what_a_hub_does_not_believe_of_a_sensor_is_said_beside_it(self) -> None:
        assert self.lines(SensorHealth(sensor="pir"))["pir"].doubts == []
        odd = SensorHealth(sensor="pir", online=False, stuck=True, unlike=["button"])
        away, stuck, unlike = self.lines(odd)["pir"].doubts
        assert "away" in away
        assert "stuck" in stuck
        assert kind_name("button", TEXT) in unlike

    def test_a_sensor_that_was_fitted_and_never_heard_is_there_and_says_so(self) -> None:
        line = self.lines(SensorHealth(sensor="fridge", kind="opening", place="fridge"))["fridge"]
        assert line.heard is None

    def test_what_a_hub_said_long_ago_is_not_shown_as_if_it_were_so_now(self) -> None:
        odd = SensorHealth(sensor="pir", stuck=True), SensorHealth(sensor="bed")
        assert self.lines(*odd, told=SILENT - timedelta(minutes=1))["pir"].doubts
        lines = self.lines(*odd, told=SILENT)
        assert (list(lines), lines["pir"].doubts) == (["pir"], [])


def test_evidence_of_any_length_does_not_bury_the_buttons_of_an_alert() -> None:
    said = "bathroom " * 100_000
    usual = scenes.alert("h1", Condition.UTI_RISK, NOW)
    one = Evidence(measure="m", label=said, unit=said, text=said)
    report = msgspec.structs.replace(usual, evidence=[one], excluded=[said, "No heat."])
    found = detail(summary(), report=msgspec.Raw(encode(report)))
    page = alert_page(found, DANA, NOW, TEXT)
    (shown,) = page.measures
    assert [len(words) for words in (shown.text, shown.label, shown.unit)] == [1000, 128, 128]
    assert shown.text == f"{said[:999]}…"
    assert page.excluded == [f"{said[:999]}…", "No heat."]
    assert found.evidence.evidence == [one]  # kept whole
