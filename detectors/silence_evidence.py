"""The evidence of a silence: its minutes beside the person's own, and the days before."""

from math import isfinite

from contract import Evidence, State
from detectors import chart
from detectors.models.usual import Prior
from detectors.silence_form import SilenceState, Words


def of_silence(
    state: SilenceState,
    words: Words,
    silence: float,
    limits: tuple[float, float],
    today: chart.Point,
) -> Evidence:
    """The present silence beside the usual.

    Args:
        state: What the watch remembers.
        words: How its condition speaks.
        silence: How long it has lasted, in seconds.
        limits: What is long there but usual, and what is too long, in seconds; the latter may be
            infinite.
        today: Of the chart, should an alert stand.
    """
    usual, allowed = limits
    days = state.points
    if state.missed == State.RAISED:
        days = [*days[1 - chart.CHART_DAYS :], today]
    return Evidence(
        measure=words.measure,
        label=words.label,
        unit="minutes",
        value=round(silence / 60, 1),
        usual=round(usual / 60, 1),
        low=0.0,
        high=round(allowed / 60, 1) if isfinite(allowed) else None,
        share=1.0,
        days=chart.days(days),
        text=(
            f"{silence / 60:.0f} minutes without a sign of life; "
            f"a long silence there at that time is usually {usual / 60:.0f}."
        ),
    )


def point(state: SilenceState, daily: Prior, day: int, seconds: float) -> chart.Point:
    """A day of the chart, by its longest silence; 0 where there was none."""
    usual, low, high = state.daily.band(daily)
    return chart.Point(day, seconds / 60 or None, usual, max(low, 0.0), high)
