"""`python -m simulator.appliances.fit`: from recordings to parameters and how well they match."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from simulator.appliances.fit.judge import READ_EVERY_S, Match, compare, made_up
from simulator.appliances.fit.kettle import fit_kettle
from simulator.appliances.fit.microwave import fit_microwave
from simulator.appliances.fit.readings import Watts, read_power, uses_of
from simulator.appliances.fit.toaster import fit_toaster, read_toasts
from simulator.appliances.kettle import Kettle
from simulator.appliances.registry import Appliance
from simulator.files import write_whole
from simulator.importers.source import SourceError
from simulator.living.chance import Chance

_SEED = 2013
_MADE = 2000

_HEADING = """\
# Appliances as fitted to recordings of real homes: every other month of REFIT House 2 and UK-DALE
# House 2, and the toaster of Ordonez home A. Made, and the match with the other months shown, by
#   python -m simulator.appliances.fit DATA/kettle --ordonez DATA/ordonez --out FILE
# REFIT: Murray et al. 2017, Scientific Data 4:160122, CC BY 4.0. UK-DALE: Kelly and Knottenbelt
# 2015, Scientific Data 2:150007, CC BY 4.0. Ordonez et al. 2013, Sensors 13:5460, CC BY 4.0.
"""

Tables = dict[str, dict[str, Appliance]]


def main(argv: Sequence[str] | None = None) -> int:
    """Fits, judges and writes; returns the exit code."""
    args = _parser().parse_args(argv)
    try:
        tables, toasts = _fit_all(args.kettle), read_toasts(args.ordonez, lambda _: None)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    kettle = next(iter(tables["kettle"].values()))
    if not isinstance(kettle, Kettle):
        raise TypeError("the first table must be the kettle's")
    tables["toaster"] = {home: fit_toaster(seconds, kettle) for home, seconds in toasts.items()}
    text = _HEADING + "".join(_toml(tables))
    if args.out is None:
        print(text)
    else:
        write_whole(args.out, text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator.appliances.fit",
        description=(
            "Fit kettle and microwave to every other month of each home, and print how well their "
            "uses in means of 30 s match those of the months between."
        ),
    )
    parser.add_argument("kettle", type=Path, help="folder of REFIT and UK-DALE, a file a month")
    parser.add_argument("--ordonez", type=Path, required=True, help="folder of Ordonez' homes")
    parser.add_argument("--out", type=Path, help="write the parameters there, not to the terminal")
    return parser


def _fit_all(source: Path) -> Tables:
    tables: Tables = {}
    for appliance, fit in (("kettle", fit_kettle), ("microwave", fit_microwave)):
        for home, months in read_power(source, appliance, lambda _: None).items():
            seen, held = uses_of(months[::2], appliance), uses_of(months[1::2], appliance)
            model = fit(seen)
            tables.setdefault(appliance, {})[home] = model
            _judge(model, appliance, home, seen, held)
    return tables


def _judge(
    model: Appliance, appliance: str, home: str, seen: list[Watts], held: list[Watts]
) -> None:
    made = made_up(model, appliance, _MADE, READ_EVERY_S[home], Chance.of(_SEED))
    print(f"{appliance} of {home}: {len(seen)} uses fitted, {len(held)} held out, {_MADE} made up")
    print(f"  {'':24} {'held out, quartiles':>24}   {'made up, quartiles':>24}     KS  months' KS")
    for match in compare(seen, held, made):
        print(f"  {_row(match)}")
    print()


def _row(match: Match) -> str:
    real, made = (" ".join(f"{value:7.4g}" for value in side) for side in (match.real, match.made))
    return f"{match.measure:24} {real:>24}   {made:>24}   {match.distance:.2f}   {match.usual:.2f}"


def _toml(tables: Tables) -> list[str]:
    lines = []
    for appliance, homes in tables.items():
        for home, model in homes.items():
            lines.append(f"\n[{appliance}.{home}]\n")
            fields = msgspec.to_builtins(model).items()
            lines += [f"{name} = {value}\n" for name, value in fields]
    return lines
