"""Looks for what others have found to be unsafe, in our code and in what it is built from.

    python tools/audit.py code                       bandit over the code; needs no network
    python tools/audit.py packages                   pip-audit over constraints.txt, npm over locks
    python tools/audit.py packages --if-reachable    the same; an advisory service that cannot be
                                                     asked is told and is no failure

Ends with 0 where nothing was found, 1 where something was, and 2 where an advisory service could
not be asked about all of it: what nobody looked up is never called clean.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CODE = ("contract", "detectors", "gateway", "api", "simulator", "tools", "hatch_build.py")
PATIENCE_S = 600
CLEAN, FOUND, NOT_ASKED = 0, 1, 2
_REASON = re.compile(r"# noqa: ([A-Z0-9, ]+?)\s+(?:-|#)\s.*\w{2}")


class Answer(NamedTuple):
    """What one service said.

    Attributes:
        found: A sentence for each weakness.
        unasked: What could not be looked up; each with why, as far as that is known.
        looked_up: How many packages could.
    """

    found: list[str]
    unasked: list[str]
    looked_up: int


def main(argv: Sequence[str] | None = None) -> int:
    """Audits what was asked for; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("code", "packages"))
    parser.add_argument("--if-reachable", action="store_true")
    parser.add_argument("--osv-url", help="an advisory service of your own that speaks OSV")
    parser.add_argument("--pins", type=Path, default=ROOT / "constraints.txt")
    args = parser.parse_args(argv)
    if args.what == "code":
        return audit_code([ROOT / name for name in CODE])
    answers = {args.pins.name: ask_python(args.pins, args.osv_url)}
    if args.osv_url is None:
        answers |= {f"{lock.relative_to(ROOT)}": ask_npm(lock) for lock in locks()}
    worst = max(tell(name, answer) for name, answer in answers.items())
    if any(answer.found for answer in answers.values()):
        return FOUND
    return CLEAN if worst == NOT_ASKED and args.if_reachable else worst


def audit_code(paths: Sequence[Path]) -> int:
    """Bandit's findings beyond those that stand with a reason; how it ended."""
    command = [program("bandit"), "-q", "-f", "json", "-c", f"{ROOT / 'pyproject.toml'}", "-r"]
    report = _json(_run([*command, *map(str, paths)]).stdout)
    if report is None or report["errors"]:
        say(f"bandit could not read the code: {report and report['errors']}")
        return NOT_ASKED
    open_ones = [one for one in report["results"] if not stands(one)]
    for one in open_ones:
        say(f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}")
    lines = report["metrics"]["_totals"]["loc"]
    kept = len(report["results"]) - len(open_ones)
    say(f"bandit: {lines} lines, {len(open_ones)} findings, {kept} that stand with a reason")
    return FOUND if open_ones else CLEAN


def stands(finding: dict[str, Any]) -> bool:
    """Whether the code says why: ruff's S608 is bandit's B608, and one reason does for both."""
    lines = Path(finding["filename"]).read_text("utf-8").splitlines()
    span = lines[finding["line_number"] - 1 : max(finding["line_range"])]
    rule = f"S{finding['test_id'][1:]}"
    return any(
        rule in re.split(r"[, ]+", said[1]) for line in span if (said := _REASON.search(line))
    )


def ask_python(pins: Path, osv_url: str | None) -> Answer:
    """Asks about every pinned Python package."""
    wanted = re.findall(r"^[\w.-]+==", pins.read_text("utf-8"), re.MULTILINE)
    command = [program("pip-audit"), "-f", "json", "--progress-spinner", "off", "--no-deps"]
    command += ["--disable-pip", "-r", str(pins)]
    with tempfile.TemporaryDirectory() as cache:  # what was known last week is not asked today
        command += ["--cache-dir", cache, *(["-s", "osv", "--osv-url", osv_url] if osv_url else [])]
        done = _run(command)
    report = _json(done.stdout)
    if report is None:
        return Answer([], [f"all {len(wanted)}: {_last_line(done.stderr)}"], 0)
    return read_python(report, len(wanted))


def read_python(report: dict[str, Any], wanted: int) -> Answer:
    """What pip-audit's JSON says. What it passed over it calls no failure: here it is unasked."""
    found, unasked, looked_up = [], [], 0
    for one in report["dependencies"]:
        if "skip_reason" in one:
            unasked.append(f"{one['name']}")
            continue
        looked_up += 1
        for flaw in one["vulns"]:
            mended = ", ".join(flaw["fix_versions"]) or "no version yet"
            found.append(f"{one['name']} {one['version']}: {flaw['id']}, mended in {mended}")
    if looked_up + len(unasked) < wanted:
        unasked.append(f"{wanted - looked_up - len(unasked)} more of which nothing was said")
    return Answer(found, unasked, looked_up)


def locks() -> Iterator[Path]:
    """Each lock of npm's that is ours."""
    listed = _run(["git", "ls-files", "*package-lock.json"]).stdout.split()
    return (ROOT / name for name in listed)


def ask_npm(lock: Path) -> Answer:
    """Asks about every package of one lock."""
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        return Answer([], ["all: npm is not installed"], 0)
    done = _run([npm, "audit", "--package-lock-only", "--json"], lock.parent)
    return read_npm(_json(done.stdout))


def read_npm(report: dict[str, Any] | None) -> Answer:
    """What npm's JSON says; anything but a count of packages is no answer."""
    try:
        assert report is not None  # noqa: S101 - as much no answer as one without the counts
        total = report["metadata"]["dependencies"]["total"]
        flaws = report["vulnerabilities"].items()
    except (AssertionError, KeyError, TypeError):
        return Answer([], ["all: the registry gave no answer to that"], 0)
    return Answer([f"{name}: {one['severity']}, {one['range']}" for name, one in flaws], [], total)


def tell(name: str, answer: Answer) -> int:
    """Says what came of it; how it ended."""
    for sentence in answer.found:
        say(f"{name}: {sentence}")
    if answer.unasked:
        some = ", ".join(answer.unasked[:5]) + (", ..." if len(answer.unasked) > 5 else "")  # noqa: PLR2004 - enough to see what it is about
        say(f"{name}: NOT AUDITED, no advisory service could be asked about {some}")
    say(f"{name}: {answer.looked_up} packages looked up, {len(answer.found)} known weaknesses")
    return FOUND if answer.found else NOT_ASKED if answer.unasked else CLEAN


def program(name: str) -> str:
    """A command of this environment."""
    return str(Path(sys.executable).parent / name)


def say(sentence: str) -> None:
    """Tells whoever asked."""
    print(f"-- {sentence}", flush=True)


def _run(command: list[str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # nosec B603 # commands of our own
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1][:200]


if __name__ == "__main__":
    sys.exit(main())
