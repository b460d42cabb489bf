"""The CapabilityStatement: what can be read here, and how."""

from datetime import datetime
from typing import Any

from api.fhir.resources import KINDS, Kind

_DATE = "date"
_COMMON = (("_id", "token"), ("_lastUpdated", _DATE))


def statement(version: str, at: datetime, address: str) -> dict[str, Any]:
    """As FHIR R4 has it.

    Args:
        version: Of this software.
        at: When it is asked for.
        address: Of the FHIR interface.
    """
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": at.isoformat(timespec="seconds"),
        "kind": "instance",
        "software": {"name": "telecare", "version": version},
        "implementation": {"description": "A telecare monitoring centre", "url": address},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "instantiates": ["http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Read alone. Patients are pseudonymous unless identified=true is"
                " asked for by somebody who may know them.",
                "security": {
                    "description": "A token of the centre as Authorization: Bearer, with the scope"
                    " fhir:read and those of what is read."
                },
                "resource": [_resource(name, kind) for name, kind in KINDS.items()],
                "operation": [
                    {
                        "name": "export",
                        "definition": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export",
                    }
                ],
            }
        ],
    }


def _resource(name: str, kind: Kind) -> dict[str, Any]:
    searches = [*_COMMON]
    if name != "Patient":
        searches.append(("patient", "reference"))
    if kind.date:
        searches.append((kind.date, _DATE))
    return {
        "type": name,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [{"name": one, "type": sort} for one, sort in searches],
    }
