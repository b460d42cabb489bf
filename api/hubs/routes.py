"""What hubs ask for: a place, and receipts for their batches."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.hubs.claims import Claimed, ClaimRequest
from api.refusals import Forbidden, Invalid
from api.services import Services, services
from api.web.address import address
from api.web.answers import Json
from api.web.bodies import read_body, read_json
from api.web.openapi import answers, body
from api.web.parameters import Name
from contract import Batch, ContractError, Receipt, decode, encode

MAX_BATCH_BYTES = 4 * 1024 * 1024
"""A batch on the wire at most."""
MAX_UNPACKED_BYTES = 16 * 1024 * 1024
"""A batch at most once unpacked."""

router = APIRouter(prefix="/v1", tags=["hubs"])
MESSAGES = (Claimed, ClaimRequest)
At = Annotated[Services, Depends(services)]


@router.post(
    "/claims",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(ClaimRequest),
    responses=answers(Claimed, "The place is the hub's; 200 where it was so already.", 201),
)
async def claim(request: Request, at: At) -> Json:
    """Takes the place a claim code stands for, with the hub's key."""
    asked = await read_json(request, ClaimRequest)
    claimed, new = await at.claims.claim(asked, address(request))
    return Json(claimed, status_code=HTTPStatus.CREATED if new else HTTPStatus.OK)


@router.post(
    "/hubs/{hub}/batches",
    openapi_extra=body(Batch),
    responses=answers(Receipt, "What the centre now holds of the journal."),
)
async def batch(hub: Name, request: Request, at: At) -> Response:
    """Stores a batch, each record once, and answers when it is durable.

    `Content-Encoding: gzip` is welcome. An empty batch asks for the receipt alone.
    """
    home = await at.door.home_of(hub, request.headers.get("authorization", ""))
    data = await read_body(request, MAX_BATCH_BYTES, unpacked=MAX_UNPACKED_BYTES)
    try:
        sent = decode(data, Batch)
    except ContractError as error:
        raise Invalid(f"{error}.") from error
    if sent.hub != hub:
        raise Forbidden(f"The batch is of {sent.hub}, the token of {hub}.")
    receipt = await at.ingest.store(sent, home)
    at.metrics.batch(sent, receipt)
    return Response(encode(receipt), media_type="application/json")
