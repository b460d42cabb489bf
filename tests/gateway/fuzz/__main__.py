"""`python -m tests.gateway.fuzz`: a million spoilt messages, and a table of what became of them."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.gateway.fuzz.run import Outcome, fuzz

_EVERY = 10_000


def table(outcome: Outcome, seed: int) -> str:
    """What became of them, by counter and by reason."""
    total = outcome.counts["messages"]
    took, topic, length = outcome.slowest
    lines = [
        f"{total:,} messages, seed {seed}",
        f"{outcome.seconds / total * 1e6:.0f} us of processor each, in hearing and normaliser",
        f"dearest {took * 1000:.1f} ms ({length:,} bytes on {topic!r})",
        f"memory {outcome.warm_mib:.0f} MiB after a tenth, {outcome.end_mib:.0f} MiB at the most",
        f"{outcome.state:,} bytes remembered of devices and names",
        "",
        *(f"{name:<24} {number:>12,}" for name, number in sorted(outcome.counts.items())),
        "",
        f"{len(outcome.reasons)} reasons to refuse",
        *(f"{number:>12,}  {reason}" for reason, number in outcome.reasons.most_common(60)),
    ]
    return "\n".join(lines)


def main() -> None:
    """Spoils, tells how far it is, prints the table; a crash ends it with the message shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    def told(size: int, outcome: Outcome) -> None:
        done = outcome.counts["messages"]
        if done % _EVERY < size:
            sys.stderr.write(f"\r{done:,} of {args.messages:,}")

    with TemporaryDirectory() as folder:
        outcome = fuzz(args.messages, args.seed, Path(folder), told)
    sys.stderr.write("\n")
    sys.stdout.write(f"{table(outcome, args.seed)}\n")


if __name__ == "__main__":
    main()
