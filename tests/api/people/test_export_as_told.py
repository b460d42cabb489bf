"""Who asks what is known of them is given it, whatever a hub has told."""

import httpx
import pytest

from api.identity.people import Member
from api.services import Services
from tests.api.support import PASSWORD, Device

pytestmark = pytest.mark.network


@pytest.mark.parametrize(
    "told", [r'"a\u0000b"', "1e999999", "9" * 5000], ids=["nul", "beyond all bounds", "5000 digits"]
)
async def test_one_odd_record_of_a_later_hub_keeps_nobody_from_what_is_known_of_them(
    client: httpx.AsyncClient, services: Services, device: Device, boss: Member, told: str
) -> None:
    del boss
    batch = (
        f'{{"hub":"{device.hub}","epoch":"e1","records":[{{"seq":1,"kind":"later","body":'
        f'{{"says":{told}}}}}]}}'
    )
    sent = await client.post(
        f"/v1/hubs/{device.hub}/batches", content=batch,
        headers={"authorization": f"Bearer {device.token(services.clock())}"},
    )  # fmt: skip
    assert sent.json()["stored"] == 1
    await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    export = await client.get(f"/v1/homes/{device.home}/export")
    assert export.status_code == httpx.codes.OK
    assert told in export.text
    assert export.text.endswith("]}")
    page = await client.get(f"/record/{device.home}")
    assert page.status_code == httpx.codes.OK
    assert "later" in page.text
