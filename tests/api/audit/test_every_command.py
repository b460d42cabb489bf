"""Whoever works at the centre's machine leaves a trace of what they changed and took, too."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from api.cli import _COMMANDS, main
from tests.api.support import PASSWORD
from tests.support.database import Postgres

pytestmark = pytest.mark.network

LEAVE_NOTHING = {
    "serve": "what is done while it serves is noted as it is done",
    "verify-audit": "reads the log itself, and shows where its chains end",
}
LINES = (
    "select coalesce(string_agg(chain || '/' || number || ' ' || actor || ' ' || action, ','), '') "
    "from audit"
)
Ask = Callable[[str], str]


def asked(url: str, query: str) -> str:
    async def run() -> str:
        connection = await asyncpg.connect(url)
        try:
            return f"{await connection.fetchval(query)}"
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture
def ask(database_url: str) -> Ask:
    return lambda query: asked(database_url, query)


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("A" * 43 + "=")
    (tmp_path / "secret").write_text("s")
    for name, value in {
        "DATABASE_URL": database_url,
        "TELECARE_DATA": f"{tmp_path}",
        "TELECARE_SECRET_KEY_FILE": f"{tmp_path / 'key'}",
        "TELECARE_PUBLIC_URL": "https://centre.example",
        "TELECARE_OIDC_ISSUER": "https://id.example",
        "TELECARE_OIDC_NAME": "Acme ID",
        "TELECARE_OIDC_CLIENT_ID": "telecare",
        "TELECARE_OIDC_ROLES": "ops=operator",
        "TELECARE_OIDC_ORGANISATIONS": "ops=*",
    }.items():
        monkeypatch.setenv(name, value)


class Machine:
    """Types commands, and says what each left in the audit log."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.tried: set[str] = set()

    def __call__(self, line: str, *more: object) -> set[str]:
        """The entries that a command left: who, and what."""
        before = self._entries()
        words = [*line.split(), *map(str, more)]
        assert main(words) == 0, line
        self.tried.add(words[0])
        return {one.partition(" ")[2] for one in self._entries() - before}

    def _entries(self) -> set[str]:
        if self._ask("select to_regclass('audit') is null") == "True":
            return set()
        return set(filter(None, self._ask(LINES).split(",")))


def test_nothing_is_changed_or_taken_at_the_machine_without_an_entry(
    ask: Ask, tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    do = Machine(ask)
    assert "command centre.migrate" in do("migrate")
    assert "command organisation.add" in do("add-organisation Acme")
    (tmp_path / "password").write_text(PASSWORD)
    password = tmp_path / "password"
    assert "command staff.add" in do("create-user ann --everywhere --password-file", password)
    staff(do, ask)
    hubs(do, ask)
    outbox(do, ask, tmp_path)
    taken = tmp_path / "alerts.csv"
    assert "command export.take" in do("export alerts --organisation Acme --out", taken)
    (tmp_path / "key").write_text("B" * 43 + "=\n" + "A" * 43 + "=")
    assert "command centre.reseal" in do("reseal")
    copy = tmp_path / "copy"
    assert "command centre.backup" in do("backup", copy)
    assert "command centre.restore" in do("restore --by-hand")
    other = postgres.create_database()
    monkeypatch.setenv("DATABASE_URL", other)
    assert main(["restore", f"{copy}"]) == 0
    assert "command centre.restore" in asked(other, LINES)
    assert set(_COMMANDS) == do.tried | set(LEAVE_NOTHING)


def staff(do: Machine, ask: Ask) -> None:
    assert "command staff.add" in do("staff invite bob --organisation Acme")
    assert "command staff.invite" in do("staff invite bob")
    assert "command staff.change" in do("staff change bob --role supervisor")
    assert "command staff.disable" in do("staff disable bob")
    assert "command staff.enable" in do("staff enable bob")
    ask("insert into second_factor select id, '\\x00', now(), now() from staff returning 1")
    assert "command second_factor.reset" in do("reset-second-factor bob")
    ask("delete from second_factor returning 1")
    assert "command staff.link" in do("link-user bob --subject u-7")


def hubs(do: Machine, ask: Ask) -> None:
    added = do("add-hub --home h17 --organisation Acme")
    assert "command hub.add" in added
    hub = ask("select hub from hub")
    assert "command hub.code" in do("hubs --code", hub)
    ask("update hub set public_key = sha256(hub::bytea), claimed_at = now() returning 1")
    assert "command hub.add" in do("hubs --replace", hub)
    assert "command hub.revoke" in do("hubs --revoke", hub)


def outbox(do: Machine, ask: Ask, folder: Path) -> None:
    file = folder / "desk.toml"
    settings = f'url = "https://desk.example/"\nsecret = "whsec_{"A" * 43}="'
    file.write_text(f'name = "desk"\nchannel = "webhook"\n[settings]\n{settings}\n')
    assert "command destination.set" in do("outbox --organisation Acme --set", file)
    assert "command destination.off" in do("outbox --organisation Acme --off desk")
    assert "command destination.on" in do("outbox --organisation Acme --on desk")
    dead = ask(
        "insert into outbox (organisation, destination, subject, action, version, body, state, "
        "ended_at) select organisation, destination, 'alert/1', 'raised', 1, '{}', 'dead', now() "
        "from destination returning id"
    )
    assert "command outbox.again" in do("outbox --again", dead)
