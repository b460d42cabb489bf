"""The evidence of a restless night: its minutes, its walks and its doors, and what is usual."""

from collections.abc import Sequence

from contract import Day, Evidence
from detectors import chart
from detectors.features.nights import DAILY, Nights, Since
from detectors.features.roaming import Roaming

NIGHT_ENDS = 5
"""The night is from midnight to this hour: late evenings and early mornings are most people's."""
_WHEN = f"at night (00 to {NIGHT_ENDS:02})"


def of_night(
    nights: Nights, roaming: Roaming, since: Since, *, share: float, under_way: bool
) -> Evidence:
    """The minutes of the whole night; it joins the chart while it is under way and told of."""
    minutes, limit = roaming.night / 60, nights.limit(since)
    usual = max(nights.minutes.band(DAILY).usual, 0.0)
    days = nights.points
    if under_way and not (days and days[-1].day == since.day):
        days = [*days[1 - chart.CHART_DAYS :], nights.point(since.day, minutes)]
    return _of_minutes(
        ("minutes_about_night", f"Minutes on the move {_WHEN}"),
        (minutes, usual, limit),
        share,
        f"{minutes:.0f} minutes on the move in {len(roaming.rooms)} rooms; "
        f"usually {usual:.0f}, and up to {limit:.0f} would be this person's own way.",
        chart.days(days),
    )


def of_spell(nights: Nights, roaming: Roaming, since: Since, *, share: float) -> Evidence:
    """The minutes of the present walk, or the last."""
    minutes, limit = roaming.spell / 60, nights.spell_limit(since)
    usual = nights.long_spell(since)
    return _of_minutes(
        ("minutes_about_spell", f"Minutes on the move at a stretch, {_WHEN}"),
        (minutes, usual, limit),
        share,
        f"{minutes:.0f} minutes on the move at a stretch; a long one is usually {usual:.0f}, "
        f"and up to {limit:.0f} would be this person's own way.",
    )


def _of_minutes(
    names: tuple[str, str],
    figures: tuple[float, float, float],
    share: float,
    text: str,
    days: Sequence[Day] = (),
) -> Evidence:
    """Minutes on the move, as measured, usual and at most, beside the person's own."""
    (measure, label), (minutes, usual, limit) = names, figures
    return Evidence(
        measure=measure,
        label=label,
        unit="minutes",
        value=round(minutes, 1),
        usual=round(usual, 1),
        low=0.0,
        high=round(limit, 1),
        share=share,
        days=list(days),
        text=text,
    )


def of_doors(openings: int, usual: float, *, share: float) -> Evidence:
    """How often outer doors were opened in the night."""
    return Evidence(
        measure="door_openings_night",
        label=f"Openings of outer doors {_WHEN}",
        unit="openings",
        value=float(openings),
        usual=round(usual, 2),
        share=share,
        text=f"Outer doors opened this night: {openings}; usually {chart.number(usual)}.",
    )
