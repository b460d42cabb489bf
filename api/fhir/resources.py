"""Our rows as FHIR R4 resources; pure. Nobody is named but where the reader may know them.

Codes are our own, in systems of the form `urn:telecare:...`: what is told is what was observed,
not a diagnosis for which others have codes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.anew import brief
from api.exports import rows
from api.identity.permissions import Permission
from contract import Condition

Row = rows.Row
Resource = dict[str, Any]

SYSTEM = "urn:telecare:"
UCUM = "http://unitsofmeasure.org"
_LONDON = ZoneInfo("Europe/London")
_MEASURED = {
    "temperature": ("degrees Celsius", "Cel"),
    "humidity": ("per cent", "%"),
    "gait_speed": ("metres a second", "m/s"),
}
_SEVERITY = {1: "high", 2: "moderate", 3: "low"}
_RISKS = frozenset({Condition.DEHYDRATION_RISK, Condition.UTI_RISK, Condition.FALL_RISK})
_TYPED = frozenset({Condition.HOUSEHOLD_RULE, Condition.URGENT_HOUSEHOLD_RULE})
"""Conditions whose words staff typed, in which a name may stand."""
_TASK = {
    "raised": "requested", "escalated": "requested", "claimed": "in-progress",
    "suspended": "on-hold", "shelved": "on-hold", "resolved": "completed", "withdrawn": "cancelled",
}  # fmt: skip
_LONGEST = 1000
_LOOKS = (".read", ".look", ".names", ".take", ".export", ".verify")
"""Ends of what is merely looked at."""


class Kind(NamedTuple):
    """One type of resource.

    Attributes:
        source: Where its rows are.
        permission: What a reader must be allowed besides FHIR itself.
        make: A resource of a row, given whether the reader may know whose it is; None of a row that
            is none of this type.
        date: The search parameter that asks for its time, or none.
    """

    source: rows.Source
    permission: Permission
    make: Callable[[Row, bool], Resource | None]
    date: str


def patient(row: Row, identified: bool) -> Resource:
    """A home as the one person who is watched over there."""
    made = _resource("Patient", row["pseudonym"], row["updated_at"])
    made["active"] = True
    made["managingOrganization"] = _identified("organisation", row["organisation"])
    if identified:
        made["identifier"] = [{"system": f"{SYSTEM}home", "value": row["home"]}]
        if row["label"]:
            made["address"] = [{"use": "home", "text": row["label"]}]
    return made


def device(row: Row, identified: bool) -> Resource:
    """A hub, or one sensor with all that it tells."""
    made = _resource("Device", device_id(row["pseudonym"], row["name"]), row["updated_at"])
    made["status"] = "active"
    made["patient"] = _of(row["pseudonym"])
    made["type"] = {"coding": [_coding("device", row["what"])], "text": row["what"]}
    if row["kind"]:
        made["specialization"] = [
            {"systemType": {"coding": [_coding("kind", kind)]}} for kind in row["kind"].split()
        ]
    if row["place"]:
        made["property"] = [{"type": _concept("property", "place"), "valueCode": [_place(row)]}]
    if row["battery"] is not None:
        battery = {"type": _concept("property", "battery")}
        level = {"value": row["battery"], "unit": "%", "system": UCUM, "code": "%"}
        made.setdefault("property", []).append({**battery, "valueQuantity": [level]})
    if identified:
        made["identifier"] = [{"system": f"{SYSTEM}{row['what']}", "value": row["name"]}]
    return made


def _place(row: Row) -> Resource:
    return _concept("place", row["place"])


def observation(row: Row, _: bool) -> Resource:
    """What one place told of one kind in one whole day of London."""
    day = row["day"].astimezone(_LONDON)
    made = _resource("Observation", observation_id(row), row["updated_at"])
    made["status"] = "final"
    made["category"] = [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                     "code": "activity"}]}
    ]  # fmt: skip
    made["code"] = {
        "coding": [_coding("kind", row["kind"]), _coding("place", row["place"])],
        "text": f"{row['kind']}, {row['place']}, a day".replace("_", " "),
    }
    made["subject"] = _of(row["pseudonym"])
    made["effectivePeriod"] = {
        "start": _instant(day), "end": _instant((day + timedelta(days=1)).astimezone(_LONDON))
    }  # fmt: skip
    if row["kind"] in _MEASURED:
        unit, code = _MEASURED[row["kind"]]
        value = round(row["total"] / row["n"], 3) if row["n"] else None
    else:
        unit, code, value = "times", "{count}", row["count"]
    if value is None:
        made["dataAbsentReason"] = {"text": "unknown"}
    else:
        made["valueQuantity"] = {"value": value, "unit": unit, "system": UCUM, "code": code}
    return made


def detected_issue(row: Row, identified: bool) -> Resource:
    """An alert: what was observed, how soon to be looked at, what it turned out to be."""
    made = _resource("DetectedIssue", f"{row['id']}", row["updated_at"])
    status = {"resolved": "final", "withdrawn": "cancelled"}
    made["status"] = status.get(row["state"], "preliminary")
    made["code"] = _concept("condition", row["condition"])
    made["severity"] = _SEVERITY[row["lane"]]
    _about(made, "patient", row)
    made["identifiedDateTime"] = _instant(row["raised_at"])
    if _may_tell(row, identified):
        made["detail"] = row["text"][:_LONGEST]
        evidence = [{"code": [{"text": said}]} for said in _evidence(row)]
        if evidence:
            made["evidence"] = evidence
    if row["condition"] in {Condition.SENSOR_SILENT, Condition.BATTERY_LOW} and row["home"]:
        device_ = device_id(row["pseudonym"], row["subject"])
        made["implicated"] = [{"reference": f"Device/{device_}"}]
    if row["outcome"]:
        mitigation = {"action": _concept("outcome", row["outcome"])}
        made["mitigation"] = [{**mitigation, "date": _instant(row["resolved_at"])}]
    return made


def risk_assessment(row: Row, identified: bool) -> Resource | None:
    """An alert that is about a risk judged over days. The score is no probability and stays out."""
    if row["condition"] not in _RISKS or row["home"] is None:
        return None
    made = _resource("RiskAssessment", f"{row['id']}", row["updated_at"])
    status = {"resolved": "final", "withdrawn": "cancelled"}
    made["status"] = status.get(row["state"], "preliminary")
    _about(made, "subject", row)
    made["occurrenceDateTime"] = _instant(row["raised_at"])
    made["method"] = {"text": "A change of this person's own routine, as sensors at home tell it"}
    made["basis"] = [{"reference": f"DetectedIssue/{row['id']}"}]
    prediction: Resource = {"outcome": _concept("condition", row["condition"])}
    if _may_tell(row, identified):
        prediction["rationale"] = row["text"][:_LONGEST]
    made["prediction"] = [prediction]
    if row["prompt"]:
        made["mitigation"] = row["prompt"][:_LONGEST]
    return made


def flag(row: Row, _: bool) -> Resource | None:
    """What was observed, for as long as it holds and nobody has ended the alert."""
    if row["home"] is None:
        return None
    made = _resource("Flag", f"{row['id']}", row["updated_at"])
    ended = min(filter(None, (row["cleared_at"], row["resolved_at"])), default=None)
    over = ended is not None or row["state"] == "withdrawn"
    made["status"] = "inactive" if over else "active"
    made["code"] = _concept("condition", row["condition"])
    _about(made, "subject", row)
    made["period"] = {"start": _instant(row["raised_at"])}
    if ended is not None:
        made["period"]["end"] = _instant(max(ended, row["raised_at"]))
    return made


def task(row: Row, _: bool) -> Resource:
    """The work with an alert: who has it, as a number, and what came of it."""
    made = _resource("Task", f"{row['id']}", row["updated_at"])
    made["status"] = _TASK.get(row["state"], "requested")
    made["intent"] = "order"
    made["priority"] = "urgent" if row["lane"] == 1 else "routine"
    made["focus"] = {"reference": f"DetectedIssue/{row['id']}"}
    _about(made, "for", row)
    made["authoredOn"] = _instant(row["received_at"])
    made["lastModified"] = _instant(row["updated_at"])
    if row["holder"] is not None:
        made["owner"] = _identified("staff", row["holder"])
    if row["outcome"]:
        made["businessStatus"] = _concept("outcome", row["outcome"])
    return made


def audit_event(row: Row, identified: bool) -> Resource:
    """Who read or did what, as the audit log has it: by number, never by name."""
    actor = row["actor"]
    if actor.startswith("hub:") and not identified:
        actor = "hub"
    made = _resource("AuditEvent", f"{row['chain']}-{row['number']}", row["updated_at"])
    made["type"] = _coding("audit", row["action"])
    made["action"] = "R" if row["action"].endswith(_LOOKS) else "E"
    made["recorded"] = _instant(row["at"])
    made["agent"] = [
        {
            "who": _identified("actor", actor),
            "requestor": actor.startswith(("staff:", "token:")),
        }
    ]
    made["source"] = {"observer": _identified("organisation", row["chain"])}
    if row["pseudonym"] is not None:
        made["entity"] = [{"what": _of(row["pseudonym"])}]
    return made


KINDS: dict[str, Kind] = {
    "Patient": Kind(rows.HOMES, Permission.READ_HOMES, patient, ""),
    "Device": Kind(rows.DEVICES, Permission.READ_HOMES, device, ""),
    "Observation": Kind(rows.COUNTS, Permission.READ_DAYS, observation, "date"),
    "DetectedIssue": Kind(rows.ALERTS, Permission.READ_ALERTS, detected_issue, "identified"),
    "RiskAssessment": Kind(rows.ALERTS, Permission.READ_ALERTS, risk_assessment, "date"),
    "Flag": Kind(rows.ALERTS, Permission.READ_ALERTS, flag, "date"),
    "Task": Kind(rows.ALERTS, Permission.READ_ALERTS, task, "authored-on"),
    "AuditEvent": Kind(rows.AUDIT, Permission.READ_AUDIT, audit_event, "date"),
}
"""Every type that is served."""


def device_id(pseudonym: str, name: str) -> str:
    """At most 64 characters of FHIR's `id`; begins with the patient's, so that it leads there."""
    return f"{pseudonym}-{_short(name)}"


def observation_id(row: Mapping[str, Any]) -> str:
    """The same."""
    day = row["day"].astimezone(_LONDON)
    return f"{row['pseudonym']}-{day:%Y%m%d}-{_short(row['place'] + ' ' + row['kind'])}"


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _resource(kind: str, number: str, updated_at: datetime) -> Resource:
    return {"resourceType": kind, "id": number, "meta": {"lastUpdated": _instant(updated_at)}}


def _about(made: Resource, name: str, row: Row) -> None:
    if row["pseudonym"] is not None:
        made[name] = _of(row["pseudonym"])


def _of(pseudonym: str) -> Resource:
    return {"reference": f"Patient/{pseudonym}"}


def _identified(what: str, number: object) -> Resource:
    return {"identifier": {"system": f"{SYSTEM}{what}", "value": f"{number}"}}


def _coding(system: str, code: str) -> Resource:
    # A code has no space at its ends, and no two within.
    return {"system": f"{SYSTEM}{system}", "code": " ".join(code.split()) or "unknown"}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [_coding(system, code)]}


def _may_tell(row: Row, identified: bool) -> bool:
    return bool(row["text"]) and (identified or row["condition"] not in _TYPED)


def _evidence(row: Row) -> list[str]:
    body = msgspec.json.decode(row["body"])
    told = body.get("evidence") if isinstance(body, dict) else None
    return [brief(one["text"]) for one in told or () if isinstance(one, dict) and one.get("text")]


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
