"""Who is refused is told why, also where it changed in that very instant."""

from datetime import timedelta

import msgspec

from api.alerts import refusing
from api.alerts.views import Claim
from api.identity.people import User
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import NOON, add_alert, add_device


async def test_who_has_the_homes_other_alert_is_named_also_as_the_claim_runs_out(
    services: Services,
) -> None:
    alert = await add_alert(services, await add_device(services))
    shown = (await services.alerts.one(CENTRE, alert)).alert
    ann = User(id=1, username="ann", name="Ann B", role="operator")
    claim = Claim(by=ann, since=NOON, until=NOON + timedelta(minutes=1))
    for other in (
        msgspec.structs.replace(shown, claim=claim),
        msgspec.structs.replace(shown, lapsed=claim),  # it was claimed when it was locked
    ):
        said = str(refusing.elsewhere(shown, other))
        assert said.startswith(f"Ann B has had alert {alert} of this home since 12:00 UTC")
