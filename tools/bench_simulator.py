"""`python tools/bench_simulator.py`: how fast made-up streets are, and beside what.

Times of one machine mean little; what is printed beside them is measured in the same run: writing
the same events one by one as the contract does, which every other part of the project must do; and,
where there is a C compiler, the same streets again by `tools/compiled.py`.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which
from time import process_time

from contract.codec import encode
from simulator.arguments import positive
from simulator.living import person
from simulator.living.generate import write_street
from simulator.living.household import ALONE, SETTLED, Mix
from simulator.living.senses.columns import events, joined
from simulator.living.street import Street

_START = 1_772_323_200.0  # 2026-03-01
_LIMIT_S, _HOMES, _DAYS = 60.0, 1000, 90
_COMPILED = Path(__file__).parent / "compiled.py"


def main(argv: list[str] | None = None) -> int:
    """Prints what generating costs, for people alone and for a settled street; then compiled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--homes", type=positive, default=100, metavar="N", help="(100)")
    parser.add_argument("--days", type=positive, default=_DAYS, metavar="D", help=f"({_DAYS})")
    args = parser.parse_args(argv)
    plain = Path(person.__file__).suffix == ".py"
    print(
        f"seconds of one core for {_HOMES:,} homes over {_DAYS} days, "
        f"{'in plain Python' if plain else 'compiled'}; {_LIMIT_S:g} are wanted"
    )
    for name, mix in (("one person each", ALONE), ("settled", SETTLED)):
        _measure(name, mix, args.homes, args.days)
    return _compiled(args.homes, args.days) if plain else 0


def _compiled(homes: int, days: int) -> int:
    """The same once more, in a compiled simulator."""
    if which("cc") is None:
        print("not compiled: there is no C compiler here")
        return 0
    sys.stdout.flush()
    command = [sys.executable, str(_COMPILED), __file__, f"--homes={homes}", f"--days={days}"]
    return subprocess.run(command, check=False).returncode  # nosec B603 # of our own


def _measure(name: str, mix: Mix, homes: int, days: int) -> None:
    street = Street(seed=1, start=_START, homes=homes, mix=mix)
    with tempfile.TemporaryDirectory() as folder:
        write_street(street, 1, Path(folder) / "warm.jsonl")  # what is set up once
        began = process_time()
        count = write_street(street, days, Path(folder) / "street.jsonl")
        took = (process_time() - began) / (homes * days)
    one = street.home(1)
    told = list(events(one.name, one.sensors, joined(one.columns(_START + days * 86_400))))
    began = process_time()
    for event in told:
        encode(event)
    peer = (process_time() - began) / len(told) * count / (homes * days)
    print(
        f"  {name}: {took * _HOMES * _DAYS:.0f} s ({took * 1000:.2f} ms and "
        f"{count / homes / days:.0f} events a home-day), {took / peer:.1f} times what it takes to "
        "write the same events one by one"
    )


if __name__ == "__main__":
    sys.exit(main())
