"""Pictures of one contest: sensitivity and delay against severity, and whether budgets are kept."""

from collections.abc import Callable, Iterable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.evaluation.blocks import Picture
from simulator.evaluation.budget_kept import MOST, WITHIN
from simulator.evaluation.measures import DAY_S
from simulator.evaluation.results import Contest
from simulator.svg import SETTINGS, as_svg

OURS, FLOOR = "#2391a3", "#d9730d"
_SIZE = (4.6, 3.0)  # inches, of each part
_LEAST = 0.02  # false alerts a month where there were none, on a scale of logarithms


def pictures(name: str, contest: Contest) -> list[Picture]:
    """All there are of a contest."""
    found = [_picture(f"{name}: budget kept", (_asked(contest), _homes(contest)))]
    default = next(iter(contest.ours.values()))
    if contest.sizes and default.sensitivity:
        parts = _sensitivity(contest), _delay(contest)
        found.insert(0, _picture(f"{name}: sensitivity and delay against severity", parts))
    return found


Paint = Callable[[Axes], None]


def _picture(label: str, paints: Iterable[Paint]) -> Picture:
    paints = list(paints)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(_SIZE[0] * len(paints), _SIZE[1]), layout="constrained")
        axes = figure.subplots(1, len(paints), squeeze=False).ravel()
        for axis, paint in zip(axes, paints, strict=True):
            axis.set_facecolor("none")
            paint(axis)
        return Picture(f"{label}; the tables hold the same figures", as_svg(figure))


def _severities(contest: Contest) -> list[str]:
    return list(next(iter(contest.ours.values())).sensitivity)


def _sensitivity(contest: Contest) -> Paint:
    def paint(axis: Axes) -> None:
        name, ours = next(iter(contest.ours.items()))
        names = _severities(contest)
        shares = [ours.sensitivity[severity].share for severity in names]
        places = list(range(len(names)))
        axis.fill_between(
            places, [s.low for s in shares], [s.high for s in shares], color=OURS, alpha=0.22
        )
        axis.plot(
            places, [s.value for s in shares], "o-", color=OURS, label=f"budget {ours.budget:g}"
        )
        best = [contest.best_floor[name].get(severity, "") for severity in names]
        if all(best):
            floors = [
                contest.against[name][floor].share[severity]
                for floor, severity in zip(best, names, strict=True)
            ]
            axis.plot(places, floors, "s--", color=FLOOR, label="best floor, equal false alerts")
        axis.set_ylim(0, 1.02)
        axis.set_ylabel("sensitivity")
        _label(axis, contest, names)

    return paint


def _delay(contest: Contest) -> Paint:
    def paint(axis: Axes) -> None:
        name, ours = next(iter(contest.ours.items()))
        names = _severities(contest)
        delays = [ours.sensitivity[severity].restricted / DAY_S for severity in names]
        axis.plot(range(len(names)), delays, "o-", color=OURS, label="misses at the end")
        bounds = [contest.bounds[name].get(severity) for severity in names]
        known = [(place, one.days) for place, one in enumerate(bounds) if one]
        if known:
            axis.plot(*zip(*known, strict=True), "s--", color=FLOOR, label="Lorden's bound")
        axis.set_ylim(bottom=0)
        axis.set_ylabel("mean delay, days")
        _label(axis, contest, names)

    return paint


def _label(axis: Axes, contest: Contest, names: list[str]) -> None:
    words = [f"{name}\n{contest.sizes.get(name, '')}".replace(", ", "\n") for name in names]
    axis.set_xticks(range(len(names)), words, fontsize=6)
    axis.legend(frameon=False)


def _asked(contest: Contest) -> Paint:
    def paint(axis: Axes) -> None:
        asked = sorted(contest.ours.values(), key=lambda one: one.budget)
        budgets = [one.budget for one in asked]
        axis.fill_between(
            budgets,
            [(1 - WITHIN) * budget for budget in budgets],
            [(1 + WITHIN) * budget for budget in budgets],
            color=FLOOR,
            alpha=0.22,
            label="within a quarter",
        )
        rates = [one.false_alerts for one in asked]
        values = [max(rate.value, _LEAST) for rate in rates]
        ends = [
            [value - max(rate.low, _LEAST) for value, rate in zip(values, rates, strict=True)],
            [max(rate.high - value, 0) for value, rate in zip(values, rates, strict=True)],
        ]
        axis.errorbar(budgets, values, yerr=ends, fmt="o-", color=OURS, label="measured")
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xticks(budgets, [f"{budget:g}" for budget in budgets])
        axis.minorticks_off()
        axis.set_xlabel("asked, false alerts a person-month")
        axis.set_ylabel("measured")
        axis.legend(frameon=False)

    return paint


def _homes(contest: Contest) -> Paint:
    """Reliability: each home's own rate as a multiple of what was asked."""

    def paint(axis: Axes) -> None:
        asked = sorted(contest.ours.values(), key=lambda one: one.budget)
        for place, one in enumerate(asked):
            ratios = sorted(rate / one.budget for rate in one.by_home.values())
            where = [place + ((index * 7) % 11 - 5) * 0.04 for index in range(len(ratios))]
            axis.plot(where, ratios, "o", color=OURS, markersize=3, alpha=0.7, mew=0)
        axis.axhline(MOST, color=FLOOR, linestyle="--", linewidth=1, label="four times the budget")
        axis.axhline(1.0, color=FLOOR, linewidth=1, label="the budget")
        axis.set_xticks(range(len(asked)), [f"{one.budget:g}" for one in asked])
        axis.set_xlabel("asked, false alerts a person-month")
        axis.set_ylabel("each home, times what was asked")
        axis.legend(frameon=False)

    return paint
