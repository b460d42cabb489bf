"""A small real centre for the tests of the uplink: tokens checked, each record kept once."""

import asyncio
import gzip
import socket
import time
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

import jwt
import msgspec
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contract import Batch, Receipt, decode, encode

Key = tuple[str, str]


@dataclass
class Peer:
    """What the centre has, and how it behaves.

    Attributes:
        keys: The public key of each hub, as claimed.
        codes: One-time codes, with the hub and home each is for.
        stored: The records of each hub and epoch, by number.
        batches: The numbers in each batch, in the order in which they came.
        answers: Answers to give instead of receipts; each is given once.
        encodings: The content encoding of each batch.
        largest: Records a batch may hold.
        ahead: Seconds that its clock is ahead of this machine's.
        url: Its address, once it is served.
    """

    keys: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Key] = field(default_factory=dict)
    stored: dict[Key, dict[int, bytes]] = field(default_factory=dict)
    batches: list[list[int]] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)
    largest: int = 1000
    ahead: float = 0.0
    url: str = ""

    def receive(self, batch: Batch) -> Receipt:
        """Stores each record once and says what there is."""
        kept = self.stored.setdefault((batch.hub, batch.epoch), {})
        new = [record for record in batch.records if record.seq not in kept]
        kept.update({record.seq: bytes(record.body) for record in new})
        contiguous = 0
        while contiguous + 1 in kept:
            contiguous += 1
        return Receipt(hub=batch.hub, epoch=batch.epoch, contiguous=contiguous, stored=len(new))

    def bodies(self, hub: str) -> list[bytes]:
        """All that was received of one hub's newest journal, by number."""
        kept = next((one for (name, _), one in self.stored.items() if name == hub), {})
        return [kept[seq] for seq in sorted(kept)]


def _problem(status: int, title: str, **headers: str) -> Response:
    return JSONResponse(
        {"title": title, "status": status},
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )


def away(status: int = 503, **headers: str) -> Response:
    """An answer of a centre that is busy or broken."""
    return _problem(status, "The database is away.", **headers)


def refusal(status: int) -> Response:
    """An answer of a centre that will not have it."""
    return _problem(status, "No.")


def erasure() -> Response:
    """The answer of a centre that erased the hub's home."""
    detail = "This hub's home was erased. Forget everything of it."
    said = {"title": "Gone", "status": 410, "detail": detail, "forget": True}
    return JSONResponse(said, status_code=410, media_type="application/problem+json")


async def _dated(request: Request) -> Response:
    answer = await _batches(request)
    answer.headers["Date"] = formatdate(time.time() + request.app.state.peer.ahead, usegmt=True)
    return answer


async def _batches(request: Request) -> Response:
    peer: Peer = request.app.state.peer
    hub = request.path_params["hub"]
    body = await request.body()
    peer.encodings.append(request.headers.get("content-encoding", ""))
    if peer.encodings[-1] == "gzip":
        body = gzip.decompress(body)
    if peer.answers:
        return peer.answers.pop(0)
    raw = urlsafe_b64decode(peer.keys[hub] + "=")
    now = time.time() + peer.ahead
    try:
        claims = jwt.decode(
            request.headers["authorization"].removeprefix("Bearer "),
            Ed25519PublicKey.from_public_bytes(raw),
            algorithms=["EdDSA"],
            audience="telecare-centre",
            issuer=hub,
            options={
                "require": ["iss", "aud", "iat", "exp"],
                "verify_iat": False,
                "verify_exp": False,
            },
        )
    except jwt.InvalidTokenError as error:
        return _problem(401, str(error))
    if not claims["iat"] - 60 <= now < claims["exp"] + 60:
        return _problem(401, "The token is of another time.")
    batch = decode(body, Batch)
    if len(batch.records) > peer.largest:
        return refusal(413)
    peer.batches.append([record.seq for record in batch.records])
    return Response(encode(peer.receive(batch)), media_type="application/json")


async def _claims(request: Request) -> Response:
    peer: Peer = request.app.state.peer
    asked = msgspec.json.decode(await request.body())
    if asked["code"] not in peer.codes:
        return refusal(404)
    hub, home = peer.codes[asked["code"]]
    known = peer.keys.setdefault(hub, asked["public_key"])
    if known != asked["public_key"]:
        return refusal(409)
    return JSONResponse({"hub": hub, "home": home}, status_code=201)


@asynccontextmanager
async def serving(peer: Peer) -> AsyncIterator[Peer]:
    """Serves on a free port of loopback."""
    app = Starlette(
        routes=[
            Route("/v1/hubs/{hub}/batches", _dated, methods=["POST"]),
            Route("/v1/claims", _claims, methods=["POST"]),
        ]
    )
    app.state.peer = peer
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    peer.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="off", date_header=False)
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield peer
    finally:
        server.should_exit = True
        await task
        listening.close()
