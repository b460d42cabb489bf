"""What a centre has set about its provider, read once from the settings."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from api.identity.permissions import Role
from api.settings import Settings, SettingsError

EVERYWHERE = "*"
"""In place of an organisation's name: all of them, those to come as well."""
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
CALLBACK = "/oidc/callback"


class Rule(NamedTuple):
    """What belonging to a group of the provider's stands for."""

    group: str
    means: str


class Provider(NamedTuple):
    """The provider, and what its words mean here.

    Attributes:
        name: As it stands on the button.
        secret: Empty for a public client, which has PKCE alone.
        roles: In order; of several that fit, the first counts.
    """

    issuer: str
    name: str
    client: str
    secret: str
    here: str
    username_claim: str
    groups_claim: str
    roles: tuple[Rule, ...]
    organisations: tuple[Rule, ...]

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends the browser back to."""
        return f"{self.here}{CALLBACK}"


def read_provider(settings: Settings) -> Provider | None:
    """The provider of the settings; None where there is none.

    Raises:
        SettingsError: Something is missing or will not do.
    """
    if not settings.oidc_issuer:
        return None
    for key in ("public_url", "oidc_client_id", "oidc_roles", "oidc_organisations"):
        if not getattr(settings, key):
            raise SettingsError(f"oidc_issuer: needs {key}, too")
    for key in ("oidc_issuer", "public_url"):
        if not safe(getattr(settings, key)):
            raise SettingsError(f"{key}: must be an address that begins with https://")
    roles = _rules("oidc_roles", settings.oidc_roles)
    for rule in roles:
        if rule.means not in set(Role):
            raise SettingsError(f"oidc_roles: there is no role {rule.means}")
    return Provider(
        issuer=settings.oidc_issuer,
        name=settings.oidc_name or str(urlsplit(settings.oidc_issuer).hostname),
        client=settings.oidc_client_id,
        secret=_secret(settings.oidc_client_secret_file),
        here=settings.public_url.rstrip("/"),
        username_claim=settings.oidc_username_claim,
        groups_claim=settings.oidc_groups_claim,
        roles=roles,
        organisations=_rules("oidc_organisations", settings.oidc_organisations),
    )


def safe(url: object) -> bool:
    """Whether nobody on the way can read or change what is said there: TLS, or this machine."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)


def _rules(key: str, text: str) -> tuple[Rule, ...]:
    """From `GROUP=MEANING; GROUP=MEANING`; a group's name may itself hold `=` and commas."""
    found = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        group, sign, means = entry.rpartition("=")
        if not (sign and group.strip() and means.strip()):
            raise SettingsError(f"{key}: {entry!r} is not of the form GROUP=MEANING")
        found.append(Rule(group.strip(), means.strip()))
    return tuple(found)


def _secret(file: str) -> str:
    if not file:
        return ""
    try:
        secret = Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"oidc_client_secret_file: {file} cannot be read") from error
    if not secret:
        raise SettingsError(f"oidc_client_secret_file: {file} is empty")
    return secret
