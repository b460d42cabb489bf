"""The centre's settings: from the environment, or a TOML file, or left as they are.

The environment wins over the file. A wrong setting is told with its name, where it stands and what
is allowed; nothing is guessed.
"""

import logging
import ssl
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec

from api.identity.permissions import Role
from api.store.sealed import BadKey, read_key

FILE_VARIABLE = "TELECARE_SETTINGS"
_PREFIX = "TELECARE_"
_OTHERS = ("TELECARE_GATEWAY_", "TELECARE_RECORDINGS", "TELECARE_WITHOUT_CONSOLE")
"""Beginnings of names that are the hub's, the tests' or the build's."""
_NEAR = 0.8

log = logging.getLogger(__name__)

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Hours = Annotated[float, msgspec.Meta(gt=0, le=24 * 30)]
Minutes = Annotated[float, msgspec.Meta(gt=0, le=24 * 60)]
Requests = Annotated[int, msgspec.Meta(ge=10, le=1_000_000)]
Drain = Annotated[float, msgspec.Meta(ge=0, le=300)]
Connections = Annotated[int, msgspec.Meta(ge=2, le=1000)]


class SettingsError(ValueError):
    """A setting will not do. The sentence names it, says where it stands and what is allowed."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set; `ALLOWED` says it in words."""

    database_url: str = ""
    data: str = "~/.local/share/telecare/centre"
    host: str = "127.0.0.1"
    port: Port = 8000
    tls_cert: str = ""
    tls_key: str = ""
    secret_key_file: str = ""
    trusted_proxies: str = ""
    session_hours: Hours = 12.0
    lease_minutes: Minutes = 10.0
    silent_minutes: Minutes = 15.0
    connections: Connections = 10
    requests_per_minute: Requests = 1200
    second_factor_roles: str = ""
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_name: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: str = ""
    oidc_username_claim: str = "preferred_username"
    oidc_groups_claim: str = "groups"
    oidc_roles: str = ""
    oidc_organisations: str = ""
    metrics_port: Port = 0
    log_format: Literal["text", "json"] = "text"
    traces_url: str = ""
    drain_seconds: Drain = 0.0
    demonstration: Literal["no", "yes"] = "no"

    @property
    def data_folder(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return Path(self.data).expanduser()

    @property
    def required_roles(self) -> list[str]:
        """The roles of `second_factor_roles`."""
        return [role.strip() for role in self.second_factor_roles.split(",") if role.strip()]


ALLOWED = {
    "database_url": "postgresql://USER@HOST:PORT/DATABASE; empty for a PostgreSQL of its own",
    "data": "a folder for the PostgreSQL of its own",
    "host": "the address to listen on, such as 127.0.0.1, or 0.0.0.0 for all",
    "port": "a TCP port from 0 to 65535; 0 takes any free one",
    "tls_cert": "a file with the certificate chain in PEM form; goes with tls_key",
    "tls_key": "a file with the certificate's key in PEM form; goes with tls_cert",
    "secret_key_file": "a file with 32 random bytes in base64, which seals secrets at rest",
    "trusted_proxies": "addresses of proxies, with commas, that tell the client's address and TLS",
    "session_hours": "hours that staff stay signed in, above 0, at most 720",
    "lease_minutes": "minutes a claim holds without action, above 0, at most 1440",
    "silent_minutes": "minutes a hub may say nothing at least, above 0, at most 1440",
    "connections": "database connections at most, from 2 to 1000",
    "requests_per_minute": "requests of one session or token a minute, from 10 to 1000000",
    "second_factor_roles": "roles, with commas, that must have a second factor",
    "public_url": "https://HOST, the address by which browsers reach the centre",
    "oidc_issuer": "https://HOST/..., the OpenID provider that staff may sign in with",
    "oidc_name": "what the provider is called on the sign-in page",
    "oidc_client_id": "the name by which the provider knows the centre",
    "oidc_client_secret_file": "a file with the secret that the provider gave for it, if any",
    "oidc_username_claim": "the claim that is their username, such as preferred_username or email",
    "oidc_groups_claim": "the claim that lists their groups",
    "oidc_roles": "GROUP=role; GROUP=role; the first that fits counts, without one nobody comes in",
    "oidc_organisations": "GROUP=Organisation; GROUP=*; whose homes they look after, * for all",
    "metrics_port": "a TCP port of 127.0.0.1 for Prometheus, from 1 to 65535; 0 for none",
    "log_format": "text for people, or json for one object a line",
    "drain_seconds": "seconds from 0 to 300 that a replica told to stop serves on, not ready",
    "demonstration": "yes where all is made up: pages say so and lead through a night; else no",
    "traces_url": "https://HOST/v1/traces, an OpenTelemetry receiver; empty for no traces",
}


def variable(key: str) -> str:
    """The environment variable of a setting."""
    return "DATABASE_URL" if key == "database_url" else _PREFIX + key.upper()


def read_settings(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """The settings from the environment and, if given here or there, a file.

    Raises:
        SettingsError: One of them will not do, or the file cannot be read.
    """
    if file is None and environment.get(FILE_VARIABLE):
        file = Path(environment[FILE_VARIABLE])
    found: dict[str, Any] = {}
    for where, key, value in (*_from_file(file), *_from_environment(environment)):
        found[key] = _convert(where, key, value)
    settings = Settings(**found)
    _check(settings)
    return settings


def _from_file(file: Path | None) -> Iterator[tuple[str, str, Any]]:
    if file is None:
        return
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML: {error}") from error
    for key, value in table.items():
        if key not in ALLOWED:
            raise SettingsError(
                f"{file}: {key}: there is no such setting; there are {', '.join(ALLOWED)}"
            )
        yield f"{file}: {key}", key, value


def _check_names(environment: Mapping[str, str]) -> None:
    """Refuses a name that is nearly a setting's, and warns of one that is nobody's.

    The rest are not refused: some ways of running containers put in names of their own.
    """
    known = [FILE_VARIABLE, *map(variable, ALLOWED)]
    for name in sorted(environment):
        if not name.startswith(_PREFIX) or name.startswith(_OTHERS) or name in known:
            continue
        if near := get_close_matches(name, known, n=1, cutoff=_NEAR):
            raise SettingsError(f"{name}: there is no such setting; did you mean {near[0]}?")
        log.warning("%s is no setting of the centre; telecare-api --help names them", name)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    _check_names(environment)
    for key in ALLOWED:
        value = environment.get(variable(key))
        if value is not None:
            yield variable(key), key, value


def _convert(where: str, key: str, value: Any) -> Any:
    kind = get_type_hints(Settings, include_extras=True)[key]
    try:
        return msgspec.convert(value, kind, strict=not isinstance(value, str) or kind is str)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{where}: {value!r} will not do; allowed: {ALLOWED[key]}") from error


def _check(settings: Settings) -> None:
    if settings.database_url and not _is_database_url(settings.database_url):
        # The URL itself may hold a password, so it is not repeated.
        raise SettingsError(
            f"{variable('database_url')}: not a PostgreSQL URL; allowed: {ALLOWED['database_url']}"
        )
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise SettingsError("tls_cert, tls_key: set both for TLS, or neither")
    for key in ("tls_cert", "tls_key"):
        path = getattr(settings, key)
        if path and not Path(path).is_file():
            raise SettingsError(f"{key}: there is no file {path}; allowed: {ALLOWED[key]}")
    if settings.tls_cert:
        _check_pair(settings.tls_cert, settings.tls_key)
    _check_secrets(settings)


def _check_secrets(settings: Settings) -> None:
    for role in settings.required_roles:
        if role not in set(Role):
            raise SettingsError(
                f"second_factor_roles: there is no role {role}; allowed: {', '.join(Role)}"
            )
    if settings.required_roles and not settings.secret_key_file:
        raise SettingsError("second_factor_roles: needs secret_key_file, too")
    if settings.secret_key_file:
        try:
            read_key(Path(settings.secret_key_file))
        except BadKey as error:
            raise SettingsError(f"secret_key_file: {error}") from error


def _check_pair(cert: str, key: str) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password="")  # nosec B106 # asks nobody
    except OSError as error:  # of which ssl.SSLError is one
        raise SettingsError(
            f"tls_cert, tls_key: {cert} and {key} do not serve together ({error}); "
            f"allowed: {ALLOWED['tls_cert']}"
        ) from error


def _is_database_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # a port that is none
        return False
    return parts.scheme in {"postgresql", "postgres"}
