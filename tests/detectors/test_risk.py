"""What is on record of a person makes some alerts sooner: as published, tempered, and said."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Condition
from detectors.conformance.wording import DIAGNOSES
from detectors.risk import MOST, RATIOS, RiskProfile, blind, caution, factor, reason

PROFILES = st.builds(
    RiskProfile,
    age=st.sampled_from([None, "under_65", "65_to_79", "80_or_more"]),
    sex=st.sampled_from([None, "female", "male"]),
    earlier_uti=st.booleans(),
    catheter=st.booleans(),
    dementia=st.booleans(),
    earlier_falls=st.booleans(),
    medicines=st.integers(0, 50),
    fluid_limit=st.booleans(),
)
CONDITIONS = st.sampled_from(list(Condition))


@given(CONDITIONS, PROFILES)
def test_no_profile_makes_an_alert_later_or_more_than_doubles_its_budget(
    condition: str, risk: RiskProfile
) -> None:
    assert 1 <= factor(condition, risk) <= MOST


@given(CONDITIONS, PROFILES, st.sampled_from(["earlier_uti", "dementia", "earlier_falls"]))
def test_a_further_risk_never_makes_an_alert_later(
    condition: str, risk: RiskProfile, further: str
) -> None:
    without = msgspec.structs.replace(risk, **{further: False})
    having = msgspec.structs.replace(risk, **{further: True})
    assert factor(condition, without) <= factor(condition, having)


@given(CONDITIONS, PROFILES)
def test_whatever_makes_an_alert_sooner_is_said_and_nothing_else_is(
    condition: str, risk: RiskProfile
) -> None:
    said = reason(condition, risk)
    assert bool(said) == (factor(condition, risk) > 1)
    assert not DIAGNOSES.search(said + blind(condition, risk) + caution(condition, risk))


def test_nothing_on_record_changes_nothing() -> None:
    for condition in Condition:
        assert factor(condition, RiskProfile()) == 1
        assert not reason(condition, RiskProfile())
        assert not blind(condition, RiskProfile())


def test_an_earlier_infection_counts_by_the_root_of_its_published_ratio() -> None:
    risk = RiskProfile(earlier_uti=True)
    assert factor(Condition.UTI_RISK, risk) == pytest.approx(3.4**0.5)
    assert factor(Condition.POSSIBLE_FALL, risk) == 1
    assert reason(Condition.UTI_RISK, risk) == (
        "Alerts sooner than usual: an earlier infection of the urinary tract."
    )


def test_every_ratio_can_be_looked_up() -> None:
    assert all(one.ratio > 1 and re.search(r"\d+", one.source) for one in RATIOS)


def test_a_catheter_leaves_nothing_to_say_of_toileting_and_only_of_that() -> None:
    risk = RiskProfile(catheter=True)
    assert "catheter" in blind(Condition.UTI_RISK, risk)
    assert not any(blind(one, risk) for one in Condition if one != Condition.UTI_RISK)


def test_whoever_suggests_a_drink_is_told_of_a_fluid_limit() -> None:
    risk = RiskProfile(fluid_limit=True)
    assert "fluid limit" in caution(Condition.DEHYDRATION_RISK, risk)
    assert not caution(Condition.POSSIBLE_FALL, risk)
