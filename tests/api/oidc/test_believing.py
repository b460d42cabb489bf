"""Whatever somebody makes of a token, only the provider's own for this very sign-in is believed."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.oidc import attempt
from api.oidc.believing import LOGOUT, UnknownKey, believe, believe_logout
from api.oidc.mapping import person
from api.oidc.refusing import NotLetIn, Why
from api.oidc.settings import Provider, Rule, read_provider
from api.oidc.wire import Wire
from api.serve import bind
from api.settings import Settings, SettingsError
from tests.api.support import NOON

KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1"})
KEYS = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
T = int(NOON.timestamp())
GOOD = {
    "iss": "https://id.example", "aud": "telecare", "sub": "u-1", "nonce": "n",
    "iat": T, "exp": T + 300,
}  # fmt: skip


def signed(claims: dict[str, Any], key: Any = KEY, alg: str = "RS256", kid: str = "k1") -> str:
    return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


def plain(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, claims))
    return b".".join([*parts, b""]).decode()


def take(token: Any) -> Any:
    return believe(
        token, KEYS, issuer="https://id.example", client="telecare", nonce="n", access_token="at",
        now=NOON,
    )  # fmt: skip


def test_a_good_token_is_believed() -> None:
    assert take(signed(GOOD))["sub"] == "u-1"
    assert take(signed({**GOOD, "aud": ["telecare", "x"], "azp": "telecare"}))["sub"] == "u-1"


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "m"}, {"nonce": None}, {"aud": "another"}, {"aud": ["telecare", "x"]},
        {"aud": ["telecare", "x"], "azp": "x"}, {"aud": None}, {"iss": "https://evil.example"},
        {"iss": None}, {"exp": T - 61}, {"exp": None}, {"exp": "soon"}, {"nbf": T + 3600},
        {"sub": ""}, {"sub": None}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "a\0b"},
        {"at_hash": "AAAA"}, {"iat": T + 3600},
    ],
    ids=str,
)  # fmt: skip
def test_one_that_says_anything_else_is_not(change: dict[str, Any]) -> None:
    claims = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(NotLetIn) as refused:
        take(signed(claims))
    assert refused.value.why is Why.NONSENSE


def test_one_that_the_provider_has_not_signed_is_not() -> None:
    public = json.dumps(KEY.as_dict(private=False)).encode()
    forged: list[Callable[[], Any]] = [
        lambda: signed(GOOD, OTHER),
        lambda: plain({"alg": "none", "kid": "k1"}, GOOD),
        lambda: plain({"alg": "RS256", "kid": "k1"}, GOOD),
        lambda: signed(GOOD, OctKey.import_key("known to both, and long enough for it"), "HS256"),
        lambda: signed(GOOD, OctKey.import_key(public), "HS256"),
        lambda: None,
        lambda: "x.y.z",
        lambda: "",
    ]
    for make in forged:
        with pytest.raises(NotLetIn):
            take(make())
    with pytest.raises(UnknownKey):
        take(signed(GOOD, RSAKey.generate_key(2048, {"kid": "k9"}), kid="k9"))


OUT = {
    "iss": "https://id.example", "aud": "telecare", "sub": "u-1", "jti": "x", "iat": T,
    "exp": T + 120, "events": {LOGOUT: {}},
}  # fmt: skip


def test_nobody_is_signed_out_but_by_the_provider_s_own_word_for_it() -> None:
    def out(claims: dict[str, Any], key: Any = KEY) -> str:
        whose = {"issuer": "https://id.example", "client": "telecare"}
        return believe_logout(signed(claims, key), KEYS, **whose, now=NOON)

    assert out(OUT) == "u-1"
    wrong: list[dict[str, Any]] = [
        {"events": {}}, {"events": [LOGOUT]}, {"nonce": "n"}, {"aud": "x"}, {"iss": "x"},
        {"exp": T - 61}, {"sub": 7},
    ]  # fmt: skip
    for change in wrong:
        with pytest.raises(NotLetIn):
            out({**OUT, **change})
    with pytest.raises(NotLetIn):
        out(GOOD)  # an ID token, which browsers get to see, signs nobody out
    with pytest.raises(NotLetIn):
        out(OUT, OTHER)


PROVIDER = Provider(
    "https://id.example", "Acme", "telecare", "", "https://centre.example", "email", "groups",
    (Rule("bosses", "administrator"), Rule("cn=ops,dc=acme", "operator")),
    (Rule("acme", "Acme"), Rule("bosses", "*")),
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["email", "email_verified", "groups", "name", "amr"]),
        st.none() | st.booleans() | st.integers() | st.text()
        | st.lists(st.text() | st.sampled_from(["acme", "cn=ops,dc=acme"]) | st.integers()),
    )
)  # fmt: skip
def test_no_claims_make_an_administrator_of_who_is_in_no_such_group(claims: dict[str, Any]) -> None:
    try:
        found = person({"sub": "u-1", **claims}, PROVIDER)
    except NotLetIn:
        return
    assert found.role == "operator"
    assert found.organisations == ("Acme",)
    assert claims["email_verified"] is True


def test_an_address_that_was_not_verified_names_nobody() -> None:
    claims = {"sub": "u", "groups": ["acme", "cn=ops,dc=acme"], "email": "Ann@Example.org"}
    assert person({**claims, "email_verified": True}, PROVIDER).username == "ann.example.org"
    for unsure in ({}, {"email_verified": "true"}, {"email_verified": 1}):
        with pytest.raises(NotLetIn) as refused:
            person({**claims, **unsure}, PROVIDER)
        assert refused.value.why is Why.NO_NAME


@pytest.mark.parametrize(
    "cookie", ["", "x", "a.b.c", f"{'s' * 43}.{T + 1}./", f"{'s' * 43}.{T - 601}./", "ä" * 50]
)
def test_a_cookie_that_is_none_begins_nothing(cookie: str) -> None:
    assert attempt.read(cookie, NOON) is None
    begun = attempt.begin("/homes?x=1.2", NOON)
    assert attempt.read(begun.cookie, NOON + timedelta(seconds=599)) == begun
    assert len({begun.state, begun.nonce, begun.verifier, begun.secret}) == 4


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"oidc_roles": ""}, "needs oidc_roles"),
        ({"oidc_roles": "ops=emperor"}, "no role emperor"),
        ({"oidc_roles": "ops"}, "not of the form"),
        ({"oidc_issuer": "http://id.example"}, "https://"),
        ({"public_url": "http://centre.example"}, "https://"),
        ({"oidc_client_secret_file": "/nowhere"}, "cannot be read"),
    ],
)
def test_settings_that_leave_a_gap_are_told_before_anything_starts(
    change: dict[str, str], says: str
) -> None:
    good = {
        "oidc_issuer": "https://id.example", "public_url": "https://c.example",
        "oidc_client_id": "t", "oidc_roles": "ops=operator", "oidc_organisations": "ops=*",
    }  # fmt: skip
    assert read_provider(Settings(**good)) is not None  # type: ignore[arg-type]  # all are texts
    with pytest.raises(SettingsError, match=says):
        read_provider(Settings(**{**good, **change}))  # type: ignore[arg-type]  # the same


@asynccontextmanager
async def answering(answer: Callable[[str], Any]) -> AsyncIterator[str]:
    """A provider that is none: every question gets `answer`, which may take its time."""

    async def give(request: Request) -> Response:
        found = answer(f"http://{request.headers['host']}")
        if found is None:
            await asyncio.sleep(30)
        return found if isinstance(found, Response) else Response(json.dumps(found))

    bound = bind("127.0.0.1", 0)
    config = uvicorn.Config(
        Starlette(routes=[Route("/{path:path}", give, methods=["GET", "POST"])]),
        log_config=None, lifespan="off", timeout_graceful_shutdown=0,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    await task
    bound.close()


def _metadata(here: str, **other: Any) -> dict[str, Any]:
    found = {name: f"{here}/{name}" for name in
             ("authorization_endpoint", "token_endpoint", "jwks_uri")}  # fmt: skip
    return {"issuer": here, **found, **other}


@pytest.mark.network
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda _: None, Why.AWAY),
        (lambda _: Response(status_code=503), Why.AWAY),
        (lambda _: Response("<html>"), Why.NONSENSE),
        (lambda _: Response("[" * 100_000), Why.NONSENSE),
        (lambda _: [], Why.NONSENSE),
        (lambda _: Response(" " * 300_000), Why.NONSENSE),
        (lambda _: Response(status_code=302, headers={"Location": "http://x"}), Why.NONSENSE),
        (lambda here: _metadata(here, issuer="https://evil.example"), Why.NONSENSE),
        (lambda here: _metadata(here, token_endpoint="http://elsewhere.example"), Why.NONSENSE),
        (lambda here: _metadata(here, jwks_uri=None), Why.NONSENSE),
        (lambda here: _metadata(here, keys="none"), Why.NONSENSE),
        (lambda here: _metadata(here, keys=[{"kty": "RSA"}]), Why.NONSENSE),
    ],
    ids=map(str, range(12)),
)
async def test_a_provider_that_is_away_or_talks_nonsense_is_borne(
    answer: Callable[[str], Any], why: Why
) -> None:
    async with answering(answer) as url:
        wire = Wire(
            PROVIDER._replace(issuer=url), lambda: 0.0, within=0.3 if why is Why.AWAY else 30.0
        )
        with pytest.raises(NotLetIn) as refused:
            await wire.keys()
    assert refused.value.why is why


@pytest.mark.network
async def test_a_provider_that_is_not_there_is_told_as_away() -> None:
    with pytest.raises(NotLetIn) as refused:
        await Wire(PROVIDER._replace(issuer="http://127.0.0.1:9"), lambda: 0.0).metadata()
    assert refused.value.why is Why.AWAY
