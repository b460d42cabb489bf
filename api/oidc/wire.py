"""The provider over HTTPS: what it publishes, and a code changed for tokens; bounded and timed."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.oidc.refusing import NotLetIn, Why
from api.oidc.settings import Provider, safe

WITHIN_SECONDS = 10.0
"""From a question to its whole answer."""
MOST_BYTES = 256 * 1024
KNOWN_SECONDS = 3600.0
"""What the provider publishes is believed for so long."""
AGAIN_SECONDS = 30.0
"""A key that is not among those known has them fetched anew, so often at most."""
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WANTED = ("userinfo_endpoint", "end_session_endpoint")


class Wire:
    """Asks one provider.

    Args:
        provider: Which.
        monotonic: A clock that only runs forward, in seconds.
        within: Seconds that one question may take.
    """

    def __init__(
        self, provider: Provider, monotonic: Callable[[], float], within: float = WITHIN_SECONDS
    ) -> None:
        self._provider = provider
        self._monotonic = monotonic
        self._within = within
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def metadata(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4).

        Raises:
            NotLetIn: It does not answer, or says what cannot be.
        """
        now = self._monotonic()
        if self._metadata is None or now - self._metadata[0] > KNOWN_SECONDS:
            url = get_well_known_url(self._provider.issuer, external=True)
            self._metadata = now, self._believable(await self._json("GET", url))
        return self._metadata[1]

    async def keys(self, *, anew: bool = False) -> KeySet:
        """The keys that it signs with; `anew` where a token names one that is not among them.

        Raises:
            NotLetIn: It does not answer, or they are none.
        """
        now = self._monotonic()
        age = AGAIN_SECONDS if anew else KNOWN_SECONDS
        if self._keys is None or now - self._keys[0] > age:
            url = (await self.metadata())["jwks_uri"]
            found = await self._json("GET", url)
            try:
                self._keys = now, KeySet.import_key_set(found)  # type: ignore[arg-type]  # checked there
            except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
                raise NotLetIn(
                    Why.NONSENSE, f"the provider's keys cannot be read: {error}"
                ) from error
        return self._keys[1]

    async def redeem(self, code: str, verifier: str) -> dict[str, Any]:
        """Changes a code for tokens.

        Raises:
            NotLetIn: The provider does not take it, or does not answer.
        """
        metadata = await self.metadata()
        provider = self._provider
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.redirect_uri,
            "code_verifier": verifier,
        }
        headers: dict[str, str] = {}
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not provider.secret:
            fields["client_id"] = provider.client
        elif "client_secret_basic" in methods:
            pair = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            fields |= {"client_id": provider.client, "client_secret": provider.secret}
        return await self._json("POST", metadata["token_endpoint"], data=fields, headers=headers)

    async def userinfo(self, access_token: str) -> dict[str, Any]:
        """What the provider says of whoever has this access token; empty where it says nothing.

        Raises:
            NotLetIn: It does not answer.
        """
        url = (await self.metadata()).get("userinfo_endpoint")
        if url is None:
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        return await self._json("GET", str(url), headers=headers)

    def _believable(self, found: dict[str, Any]) -> dict[str, Any]:
        if found.get("issuer") != self._provider.issuer:
            raise NotLetIn(
                Why.NONSENSE, "the provider calls itself by another name than the set one"
            )
        for key in _NEEDED:
            if not self._may_ask(found.get(key)):
                raise NotLetIn(Why.NONSENSE, f"the provider gives no address for {key}")
        return {
            key: value for key, value in found.items() if key not in _WANTED or self._may_ask(value)
        }

    def _may_ask(self, url: object) -> bool:
        """Whether an address is one over TLS; this machine's own only where the provider is on it.

        A provider elsewhere could otherwise have us ask what listens here and trusts whoever does.
        """
        here = self._provider.issuer.startswith("http:")
        return safe(url) and (here or f"{url}".startswith("https:"))

    async def _json(
        self,
        method: str,
        url: str,
        *,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._within):
                status, body = await self._ask(method, url, data, headers or {})
        except TimeoutError as error:
            raise NotLetIn(Why.AWAY, "the provider does not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotLetIn(Why.AWAY, f"the provider: {type(error).__name__}") from error
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise NotLetIn(Why.AWAY, f"the provider answers {status}")
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise NotLetIn(Why.NONSENSE, f"the provider's answer ({status}) is no JSON") from error
        if not isinstance(found, dict):
            raise NotLetIn(Why.NONSENSE, f"the provider's answer ({status}) is no object")
        if status != httpx.codes.OK:
            said = f"{found.get('error')}"[:80]
            why = Why.EXPIRED if said == "invalid_grant" else Why.NONSENSE
            raise NotLetIn(why, f"the provider answers {status}: {said!r}")
        return found

    async def _ask(
        self, method: str, url: str, data: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        body = bytearray()
        async with (
            httpx.AsyncClient(
                timeout=self._within,
                follow_redirects=False,
                trust_env=False,
                verify=ssl.create_default_context(),
            ) as client,
            client.stream(
                # Nothing packed is wanted, or unpacked: a small answer could swell without end.
                method,
                url,
                data=data,
                headers={**headers, "Accept": "application/json", "Accept-Encoding": "identity"},
            ) as answer,
        ):
            async for part in answer.aiter_raw():
                body += part
                if len(body) > MOST_BYTES:
                    raise NotLetIn(Why.NONSENSE, "the provider's answer has no end")
            return answer.status_code, bytes(body)
