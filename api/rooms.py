"""The rooms that have a door for programs: their routes, and what these take and answer."""

from typing import NamedTuple

from fastapi import APIRouter

from api.alerts import duty_routes
from api.alerts import routes as alert_routes
from api.audit import routes as audit_routes
from api.cohorts import routes as cohort_routes
from api.downlink import routes as downlink_routes
from api.exports import routes as export_routes
from api.fhir import routes as fhir_routes
from api.homes import routes as home_routes
from api.hubs import place_routes
from api.hubs import routes as hub_routes
from api.identity import (
    access_routes,
    passkey_routes,
    password_routes,
    second_factor_routes,
    staff_routes,
)
from api.identity import routes as session_routes
from api.live import routes as live_routes
from api.outbox import routes as outbox_routes
from api.people import routes as people_routes
from api.push import routes as push_routes
from api.reablement import routes as reablement_routes
from api.reports import routes as report_routes
from api.response import routes as response_routes
from api.web import health, unknown


class Room(NamedTuple):
    """A door of the centre.

    Attributes:
        router: Its addresses.
        messages: What the OpenAPI document is to describe of it.
    """

    router: APIRouter
    messages: tuple[type, ...] = ()


ROOMS = (
    Room(health.router),
    Room(hub_routes.router, hub_routes.MESSAGES),
    Room(place_routes.router, place_routes.MESSAGES),
    Room(downlink_routes.router, downlink_routes.MESSAGES),
    Room(session_routes.router, session_routes.MESSAGES),
    Room(access_routes.router, access_routes.MESSAGES),
    Room(second_factor_routes.router, second_factor_routes.MESSAGES),
    Room(passkey_routes.router, passkey_routes.MESSAGES),
    Room(password_routes.router, password_routes.MESSAGES),
    Room(staff_routes.router, staff_routes.MESSAGES),
    Room(alert_routes.router, alert_routes.MESSAGES),
    Room(duty_routes.router, duty_routes.MESSAGES),
    Room(home_routes.router, home_routes.MESSAGES),
    Room(audit_routes.router, audit_routes.MESSAGES),
    Room(outbox_routes.router, outbox_routes.MESSAGES),
    Room(push_routes.router, push_routes.MESSAGES),
    Room(people_routes.router, people_routes.MESSAGES),
    Room(response_routes.router, response_routes.MESSAGES),
    Room(report_routes.router, report_routes.MESSAGES),
    Room(cohort_routes.router, cohort_routes.MESSAGES),
    Room(reablement_routes.router, reablement_routes.MESSAGES),
    Room(fhir_routes.router, fhir_routes.MESSAGES),
    Room(export_routes.router, export_routes.MESSAGES),
    Room(live_routes.router),
    Room(unknown.router),  # last: it has every address that no other has
)

MESSAGES = tuple(message for room in ROOMS for message in room.messages)
