"""Whoever plans a shift saves whom to call by a form, and nothing that they typed is lost."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cohorts.criteria import Criteria, Trend
from api.cohorts.criteria import given as asks
from api.cohorts.views import Cohort, NewCohort
from api.console.pages import Blank
from api.console.views.cohorts import ALERTS, RECORD, TRENDS, cohort_of, form_of
from api.services import Services
from tests.api.console.test_steps import sign_in, submit
from tests.api.support import add_device, add_user

pytestmark = pytest.mark.network
FRAIL = {
    "name": "Frail and cold", "quiet_days": "5", "colder_than_c": "17.5", "temperature_days": "2",
    "on_record_earlier_falls": "1", "alert_fall_risk": "1", "alert_days": "30",
    "trend_measure": "intake", "trend_way": "less", "trend_by": "25", "trend_days": "3",
}  # fmt: skip


async def test_a_list_is_saved_worked_through_made_again_and_removed_without_a_script(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "sue", role="supervisor", organisations=[1])
    await add_device(services)
    await sign_in(client, "sue")
    assert 'href="/cohorts/new"' in (await client.get("/cohorts")).text
    shown = await submit(client, "/cohorts/new", "/cohorts/new", **FRAIL)
    assert "The list is saved." in shown.text
    where = shown.url.path
    (saved,) = [
        one for one in await services.cohorts.all(await add_user(services, "eve"))
        if one.name == "Frail and cold"
    ]  # fmt: skip
    assert saved.quiet_days == 5
    assert saved.criteria == Criteria(
        colder_than_c=17.5, temperature_days=2, on_record=["earlier_falls"],
        alerts=["fall_risk"], alert_days=30,
        trend=Trend(measure="intake", way="less", by=0.25, days=3),
    )  # fmt: skip
    again = await client.get(f"/cohorts/new?like={saved.cohort}")
    assert 'value="17.5"' in again.text
    assert 'id="on_record_earlier_falls" value="1" checked' in again.text
    gone = await submit(client, where, f"{where}/discard")
    assert gone.url.path == "/cohorts"
    assert "Frail and cold" not in gone.text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"colder_than_c": "cold"}, "Look again at: Colder than, in °C indoors."),
        ({"age_at_least": "200"}, "Look again at: At least this old, in years."),
        ({"quiet_days": "1.5"}, "Look again at: Days for which"),
        ({"trend_measure": "mood"}, "Look again at: What is used less or more"),
        ({"name": "x" * 81}, "Look again at: Its name."),
        ({"name": "Cold home, over 75"}, "There is already a cohort Cold home, over 75."),
        ({"organisation": "7"}, "There is no organisation 7."),
    ],
)
async def test_a_slip_says_which_field_and_keeps_the_rest(
    client: httpx.AsyncClient, services: Services, typed: dict[str, str], why: str
) -> None:
    await add_user(services, "sue", role="supervisor", organisations=[1])
    await sign_in(client, "sue")
    answer = await submit(client, "/cohorts/new", "/cohorts/new", **{**FRAIL, **typed})
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert why in answer.text
    assert 'id="alert_fall_risk" value="1" checked' in answer.text


async def test_a_form_that_asks_for_nothing_lists_not_everybody(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "sue", role="supervisor", organisations=[1])
    await sign_in(client, "sue")
    answer = await submit(client, "/cohorts/new", "/cohorts/new", name="All")
    assert "else everybody would be on it" in answer.text


async def test_an_operator_calls_from_lists_and_saves_none(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "ann")
    await sign_in(client, "ann")
    assert "/cohorts/new" not in (await client.get("/cohorts")).text
    assert (await client.get("/cohorts/new")).status_code == httpx.codes.FORBIDDEN
    page = (await client.get("/cohorts/1")).text
    assert "discard" not in page


_tenths = st.integers(-200, 600).map(lambda number: number / 10)
_trends = st.builds(
    Trend, measure=st.sampled_from(TRENDS), way=st.sampled_from(["less", "more"]),
    by=st.integers(1, 500).map(lambda number: number / 100), days=st.integers(1, 14),
)  # fmt: skip


@given(
    st.builds(
        Criteria,
        age_at_least=st.none() | st.integers(18, 110),
        on_record=st.sets(st.sampled_from(RECORD)).map(lambda s: sorted(s, key=RECORD.index)),
        colder_than_c=st.none() | _tenths,
        warmer_than_c=st.none() | _tenths,
        temperature_days=st.integers(1, 14),
        alerts=st.sets(st.sampled_from(ALERTS)).map(
            lambda found: [word.value for word in ALERTS if word in found]
        ),
        alert_days=st.integers(1, 366),
        trend=st.none() | _trends,
        night_trips=st.none() | st.integers(1, 30),
        nights_at_least=st.integers(1, 7),
        discharged_within_days=st.none() | st.integers(1, 366),
    ).filter(asks),
    st.integers(1, 366),
)
def test_a_list_made_like_another_asks_for_the_same(criteria: Criteria, quiet: int) -> None:
    known = Cohort(cohort=1, organisation=1, name="A", criteria=criteria, quiet_days=quiet)
    made = cohort_of(Blank(form_of(known)))
    assert made == NewCohort(name="A", criteria=criteria, quiet_days=quiet)
