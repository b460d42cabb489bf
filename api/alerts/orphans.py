"""What a hub that was let go had told of equipment, and nobody else can say to be over. Pure.

What it had told of a person is left as it is: only somebody who looks can say how they are.
"""

from datetime import datetime

import msgspec

from api.alerts.anew import brief
from api.silence.words import face
from contract import Alert, Condition, Phase

_WHAT = {"replaced": "was replaced", "revoked": "was let go"}


def ended(told: Alert, at: datetime, why: str, zone: str) -> Alert:
    """What is told, now that it is over.

    Args:
        told: The last word of it, of the hub, or of the centre about the hub.
        at: When the hub was let go.
        why: `revoked` or `replaced`.
        zone: The home's time zone, IANA.
    """
    ours = told.condition == Condition.HUB_SILENT
    hub = "The hub" if ours else "The hub that told this"
    then = "nobody waits for it any more" if ours else "what is still so is told anew"
    text = brief(f"{hub} {_WHAT[why]} at {face(at, zone)}: {then}. Until then: {told.text}")
    prompt = "Ask whether all is well." if ours else told.prompt
    return msgspec.structs.replace(
        told, phase=Phase.CLEARED, updated_at=at, text=text, prompt=prompt
    )
