"""What looks for weaknesses finds them, and never calls clean what it could not look up."""

import json
import re
import runpy
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "audit.py"))
CLEAN, FOUND, NOT_ASKED = TOOL["CLEAN"], TOOL["FOUND"], TOOL["NOT_ASKED"]
FLAW = {
    "id": "GHSA-made-up", "summary": "made up", "details": "made up", "aliases": [],
    "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z",
    "affected": [{
        "package": {"name": "jinja2", "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
    }],
}  # fmt: skip


class _Advisories(BaseHTTPRequestHandler):
    """Speaks OSV, and knows one flaw."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = {"vulns": [FLAW]} if asked["package"]["name"] == "jinja2" else {}
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", f"{len(body)}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Says nothing."""


@pytest.fixture
def advisories() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Advisories) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def audit(tmp_path: Path, service: str, *pins: str, more: tuple[str, ...] = ()) -> int:
    file = tmp_path / "pins.txt"
    file.write_text("\n".join(pins))
    return int(TOOL["main"](["packages", "--osv-url", service, "--pins", str(file), *more]))


@pytest.mark.network
def test_a_package_with_a_known_weakness_is_named_with_what_mends_it(
    tmp_path: Path, advisories: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(tmp_path, advisories, "jinja2==1.9", "attrs==1.0") == FOUND
    assert "jinja2 1.9: GHSA-made-up, mended in 2.0" in capsys.readouterr().out
    assert audit(tmp_path, advisories, "attrs==1.0") == CLEAN


@pytest.mark.network
def test_what_nobody_could_look_up_is_never_called_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = "http://127.0.0.1:9"
    assert audit(tmp_path, nobody, "attrs==1.0") == NOT_ASKED
    assert "NOT AUDITED" in capsys.readouterr().out
    assert audit(tmp_path, nobody, "attrs==1.0", more=("--if-reachable",)) == CLEAN
    assert "NOT AUDITED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("report", "wanted", "unasked"),
    [
        ({"dependencies": [{"name": "a", "skip_reason": "not found"}]}, 1, ["a"]),
        ({"dependencies": []}, 2, ["2 more of which nothing was said"]),
        ({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}, 1, []),
    ],
)
def test_a_package_that_was_passed_over_counts_as_not_looked_up(
    report: dict[str, Any], wanted: int, unasked: list[str]
) -> None:
    assert TOOL["read_python"](report, wanted).unasked == unasked


@pytest.mark.parametrize("report", [None, {}, {"error": {"code": "E"}}, {"vulnerabilities": {}}])
def test_a_registry_that_does_not_answer_npm_counts_as_not_asked(report: Any) -> None:
    assert TOOL["read_npm"](report).unasked
    good = {"metadata": {"dependencies": {"total": 3}}, "vulnerabilities": {}}
    assert TOOL["read_npm"](good) == ([], [], 3)


def test_a_weakness_in_code_is_found_unless_a_reason_stands_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "eval(input())"
    for comment, ended in (
        ("", FOUND),
        ("  # noqa: S307", FOUND),
        ("  # noqa: S101 - of another rule", FOUND),
        ("  # noqa: S307 - a reason", CLEAN),
    ):
        (tmp_path / "planted.py").write_text(line + comment + "\n")
        assert TOOL["audit_code"]([tmp_path]) == ended, comment
    assert "B307" in capsys.readouterr().out


def test_every_exception_from_bandit_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for name in TOOL["CODE"]
        for path in [ROOT / name, *(ROOT / name).rglob("*.py")]
        if path.suffix == ".py"
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"#\s*nosec", line) and not re.search(r"# nosec B\d{3} # .*\w{2}", line)
    ]
    assert silent == []


def test_whatever_make_is_said_to_make_it_makes() -> None:
    """`check` had been lost, and `make test` linted nothing without a word."""
    text = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    named = re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)
    assert named is not None
    assert {"check", "audit", "test"} <= set(named[1].split())
    rules = dict(re.findall(r"^([a-z-]+):[^\n]*\n((?:\t[^\n]+\n)+)", text, re.MULTILINE))
    assert [name for name in named[1].split() if name not in rules and name != "test-all"] == []
    parts = re.search(r"--jobs 2 (.*)$", rules["check"], re.MULTILINE)
    assert parts is not None
    done = "".join([rules["check"], *(rules[name] for name in parts[1].split())])
    wanted = ("ruff format --check", "ruff check", "mypy", "pyright", "lint-imports")
    assert [one for one in (*wanted, "tools/audit.py code") if one not in done] == []
    assert "make audit" in (ROOT / ".ci" / "run").read_text("utf-8")
