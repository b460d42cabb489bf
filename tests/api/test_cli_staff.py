"""Whoever runs the centre lets people in and go where no administrator can."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from api.cli import main

pytestmark = pytest.mark.network


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, migrated_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.setenv("TELECARE_DATA", str(tmp_path))
    monkeypatch.setenv("TELECARE_PUBLIC_URL", "https://centre.example")
    for name in ("PORT", "HOST", "SETTINGS"):
        monkeypatch.delenv(f"TELECARE_{name}", raising=False)


def ask(url: str, query: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_a_change_of_nothing_is_not_said_to_be_one(
    capsys: pytest.CaptureFixture[str], migrated_url: str
) -> None:
    assert main(["add-organisation", "Acme Care"]) == 0
    assert main(["staff", "invite", "bob", "--everywhere"]) == 0
    assert main(["staff", "change", "bob"]) == 1
    assert "Say what is to change" in capsys.readouterr().err
    entries = "select count(*)::int from audit where action = 'staff.change'"
    assert ask(migrated_url, entries) == 0


def test_somebody_is_invited_changed_let_go_and_let_back_in(
    capsys: pytest.CaptureFixture[str], migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["staff", "list"]) == 0
    assert "staff invite NAME" in capsys.readouterr().out
    assert main(["add-organisation", "Acme Care"]) == 0
    capsys.readouterr()
    options = ["--name", "Bob C", "--role", "supervisor", "--organisation", "Acme Care"]
    assert main(["staff", "invite", "Bob", *options]) == 0
    first = capsys.readouterr()
    assert first.out.startswith("https://centre.example/invitation#")
    assert len(first.out.splitlines()) == 1
    assert "good once, for bob, until" in first.err
    assert main(["staff", "invite", "bob", "--role", "operator"]) == 0
    again = capsys.readouterr()
    assert again.out != first.out
    assert "address before it" not in again.err
    monkeypatch.delenv("TELECARE_PUBLIC_URL")
    assert main(["staff", "invite", "bob"]) == 0
    bare = capsys.readouterr()
    assert bare.out.startswith("/invitation#")
    assert "address before it" in bare.err
    assert "role and organisations stay" in again.err
    assert main(["staff", "list"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("bob; Bob C; supervisor; Acme Care; invited until ")
    assert shown.endswith("; never here\n")
    assert main(["staff", "change", "bob", "--role", "administrator", "--everywhere"]) == 0
    assert main(["staff", "change", "bob", "--name", "Bob D"]) == 0
    query = "select display_name || ', ' || role || ', ' || everywhere from staff"
    assert ask(migrated_url, query) == "Bob D, administrator, true"
    assert main(["staff", "change", "bob", "--organisation", "Acme Care"]) == 0
    assert ask(migrated_url, query) == "Bob D, administrator, false"
    assert main(["staff", "disable", "bob"]) == 0
    assert main(["staff", "invite", "bob"]) == 1
    assert "let go" in capsys.readouterr().err
    assert main(["staff", "list"]) == 0
    assert "let go 20" in capsys.readouterr().out
    assert main(["staff", "enable", "bob"]) == 0
    assert ask(migrated_url, "select disabled_at from staff") is None
    assert ask(migrated_url, "select actor from audit where action = 'staff.disable'") == "command"


def test_whoever_holds_a_stolen_telephone_is_signed_out_as_its_second_factor_is_taken_off(
    capsys: pytest.CaptureFixture[str], migrated_url: str
) -> None:
    assert main(["staff", "invite", "bob", "--everywhere"]) == 0
    assert main(["staff", "invite", "eve", "--everywhere"]) == 0
    for name in ("bob", "eve"):
        whose = f"(select id from staff where username = '{name}')"  # noqa: S608 - ours
        ask(migrated_url, f"insert into second_factor select {whose}, 'x', now(), now()")
        ask(
            migrated_url,
            "insert into session (token_hash, staff, created_at, expires_at) "
            f"select '{name}', {whose}, now(), now() + interval '1 hour'",
        )
    capsys.readouterr()
    assert main(["reset-second-factor", "Bob"]) == 0
    assert "signed out" in capsys.readouterr().out
    left = "select string_agg(username, ' ') from staff join {} on staff = id"
    assert ask(migrated_url, left.format("(select staff from session)")) == "eve"
    assert ask(migrated_url, left.format("(select staff from second_factor)")) == "eve"
    entry = "select actor from audit where action = 'second_factor.reset'"
    assert ask(migrated_url, entry) == "command"
    assert main(["reset-second-factor", "bob"]) == 1
    assert "no second factor" in capsys.readouterr().err
    assert main(["reset-second-factor", "bobby"]) == 1
    assert "no user bobby" in capsys.readouterr().err


@pytest.mark.parametrize("does", ["change", "disable", "enable"])
def test_a_mistyped_name_changes_nobody(capsys: pytest.CaptureFixture[str], does: str) -> None:
    assert main(["staff", does, "bob"]) == 1
    assert capsys.readouterr().err == "telecare-api: There is no user bob.\n"


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["staff", "--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    for word in ("list", "invite bob", "change bob --role", "disable bob", "72 hours"):
        assert word in shown
