"""Puts the centre together: the one place that knows every room."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI

import api.console
from api.alerts import duty_routes
from api.alerts import routes as alert_routes
from api.alerts.duties import Duties
from api.alerts.service import Alerts
from api.alerts.views import AlertDetail, AlertSummary
from api.alerts.views import Queue as QueueView
from api.audit import routes as audit_routes
from api.audit.log import AuditEntry, AuditLog
from api.channels.registry import CHANNELS
from api.chores import FORGET_SECONDS, LAPSE_SECONDS, every, in_background
from api.clock import Clock, utc_now
from api.cohorts import routes as cohort_routes
from api.cohorts.record import FromConfiguration, FromPeople
from api.cohorts.service import Cohorts
from api.correlation import Correlation
from api.downlink import routes as downlink_routes
from api.downlink.asking import Asking
from api.downlink.commands import Commands, IssueRequest
from api.downlink.configurations import Configurations
from api.downlink.views import CommandDetail, CommandLine, ConfigurationDetail
from api.exports import routes as export_routes
from api.exports.service import Exports
from api.fhir import routes as fhir_routes
from api.fhir.bulk import LOOK_SECONDS as EXPORT_SECONDS
from api.fhir.bulk import Bulk
from api.fhir.service import Fhir
from api.homes import routes as home_routes
from api.homes.service import Homes
from api.homes.views import Days, HomeDetail
from api.hubs import place_routes
from api.hubs import routes as hub_routes
from api.hubs.claims import Claimed, ClaimRequest, Claims
from api.hubs.door import Door
from api.hubs.ingest import Ingest
from api.hubs.keys import Keys
from api.hubs.places import Places
from api.identity import access_routes, passkey_routes, second_factor_routes
from api.identity import routes as session_routes
from api.identity.access import Access, NewToken, OpenSession, Token, TokenRequest
from api.identity.doors import mark
from api.identity.passkeys import Passkeys
from api.identity.passwords import Passwords
from api.identity.people import Session
from api.identity.rate import Rate
from api.identity.second_factor import Begun, Recovery, SecondFactors, Standing
from api.identity.service import Staff
from api.identity.throttle import Throttle
from api.live import routes as live_routes
from api.live.fanout import Fanout
from api.live.listener import Listener
from api.oidc.service import Federation
from api.oidc.settings import read_provider
from api.oidc.wire import Wire
from api.operation.measured import Measured
from api.operation.metrics import Metrics
from api.operation.page import serve_page
from api.operation.survey import Survey
from api.operation.traces import Traced, to_receiver
from api.organisations.service import Organisations
from api.outbox import routes as outbox_routes
from api.outbox.service import Outbox, OutboxView
from api.outbox.worker import LOOK_SECONDS as OUTBOX_SECONDS
from api.outbox.worker import Worker
from api.people import routes as people_routes
from api.people.composing import Composing
from api.people.service import make_people
from api.people.turns import TURN_SECONDS
from api.reablement import routes as reablement_routes
from api.reablement.service import Reablement
from api.reports import routes as report_routes
from api.reports.service import Reports
from api.response import routes as response_routes
from api.response.cover import Cover
from api.response.service import response
from api.response.words import words_of
from api.services import Services
from api.settings import Settings
from api.silence.watch import LOOK_SECONDS, Watch
from api.store.database import Database
from api.store.house import KEEP_SECONDS, keep_house
from api.store.sealed import seal_of
from api.web import health, unknown
from api.web.headers import SecurityHeaders
from api.web.openapi import describe
from api.web.problems import add_problems

_MESSAGES = (
    AlertDetail,
    AuditEntry,
    Begun,
    Recovery,
    Standing,
    second_factor_routes.CodeRequest,
    NewToken,
    OpenSession,
    Token,
    TokenRequest,
    AlertSummary,
    Claimed,
    ClaimRequest,
    CommandDetail,
    CommandLine,
    ConfigurationDetail,
    Days,
    HomeDetail,
    IssueRequest,
    OutboxView,
    QueueView,
    Session,
    *alert_routes.MESSAGES,
    *duty_routes.MESSAGES,
    *people_routes.MESSAGES,
    *response_routes.MESSAGES,
    *place_routes.MESSAGES,
    *passkey_routes.MESSAGES,
    *report_routes.MESSAGES,
    *cohort_routes.MESSAGES,
    *reablement_routes.MESSAGES,
    *fhir_routes.MESSAGES,
    *export_routes.MESSAGES,
    session_routes.SignInRequest,
)


def create_app(
    settings: Settings, *, clock: Clock = utc_now, passwords: Passwords | None = None
) -> FastAPI:
    """The centre as an ASGI application.

    Args:
        settings: With `database_url` set; the database must have been migrated.
        clock: What time it is.
        passwords: How they are hashed; as the library recommends if left out.
    """
    services = create_services(settings, clock, passwords)
    app = FastAPI(
        title="telecare centre",
        version=version("telecare"),
        description="Takes in what home hubs report, and lets staff see and handle alerts.",
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its page needs scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.state.settings = settings
    for room in (
        health, hub_routes, place_routes, downlink_routes, session_routes, access_routes,
        second_factor_routes, passkey_routes, alert_routes, duty_routes, home_routes, audit_routes,
        outbox_routes, people_routes, response_routes, report_routes, cohort_routes,
        reablement_routes, fhir_routes, export_routes, live_routes, unknown,
    ):  # fmt: skip
        app.include_router(mark(room.router))
    add_problems(app)
    describe(app, _MESSAGES)
    api.console.mount(app)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measured, metrics=services.metrics)
    if settings.traces_url:
        app.state.traces = to_receiver(settings.traces_url, app.version)
        app.add_middleware(Traced, provider=app.state.traces)
    app.add_middleware(Correlation)
    return app


def create_services(
    settings: Settings, clock: Clock, passwords: Passwords | None = None
) -> Services:
    """The services alone, for commands that serve nobody."""
    database = Database(settings.database_url, connections=settings.connections)
    throttle = Throttle(database, clock)
    configurations = Configurations(database, clock, [Composing(clock)])
    alerts = Alerts(
        database,
        clock,
        timedelta(minutes=settings.lease_minutes),
        resolved=configurations.take_in_outcomes,
    )
    live = Fanout()
    lifetime = timedelta(hours=settings.session_hours)
    duties = Duties(database)
    seal = seal_of(Path(settings.secret_key_file)) if settings.secret_key_file else None
    second_factors = SecondFactors(database, clock, throttle, seal)
    opener = partial(words_of, cover=Cover(seal))
    passwords = passwords or Passwords()
    organisations = Organisations(database, clock)
    staff = Staff(
        database, clock, throttle, passwords, lifetime, second_factors, settings.required_roles
    )
    provider = read_provider(settings)
    return Services(
        clock=clock,
        database=database,
        throttle=throttle,
        staff=staff,
        federation=Federation(
            database,
            clock,
            throttle,
            passwords,
            staff,
            organisations,
            provider,
            Wire(provider, time.monotonic),
            settings.required_roles,
        )
        if provider
        else None,
        passkeys=Passkeys(database, clock, throttle, staff, settings.public_url),
        second_factors=second_factors,
        access=Access(database, clock),
        audit=AuditLog(database, clock),
        rate=Rate(clock, settings.requests_per_minute),
        alerts=alerts,
        duties=duties,
        homes=Homes(database, clock, alerts),
        organisations=organisations,
        claims=Claims(database, clock, throttle),
        places=Places(database, clock),
        keys=Keys(database, clock),
        door=Door(database, clock),
        ingest=Ingest(database, clock, alerts.timers.arrived),
        configurations=configurations,
        commands=Commands(database, clock),
        asking=Asking(database, clock, live.waiting),
        watch=Watch(database, clock, timedelta(minutes=settings.silent_minutes)),
        outbox=Outbox(database, CHANNELS, seal),
        response=response(database, clock, alerts.acting, seal, CHANNELS),
        worker=Worker(database, clock, CHANNELS, seal=seal, random=random.random),
        reports=Reports(database, clock, duties),
        cohorts=Cohorts(database, clock, FromPeople(FromConfiguration())),
        reablement=Reablement(database, clock),
        fhir=Fhir(database, clock),
        bulk=Bulk(database, clock),
        exports=Exports(database, clock),
        live=live,
        people=make_people(database, clock, seal, configurations, second_factors, opener=opener),
        metrics=Metrics(clock),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    metrics, survey = services.metrics, Survey(services.database, services.clock, services.metrics)
    metrics.info.labels(app.version).set(1)
    metrics.streams.set_function(lambda: len(services.live))
    metrics.stopping.set_function(lambda: services.live.closed)
    metrics.listening.set_function(lambda: services.live.listening)

    async def page() -> bytes:
        await survey.look()
        return metrics.page()

    try:
        async with in_background(
            Listener(services.database.url, services.live).run(),
            every(LAPSE_SECONDS, metrics.chore("timers", services.alerts.timers.look)),
            every(LOOK_SECONDS, metrics.chore("watch", services.watch.look)),
            every(FORGET_SECONDS, metrics.chore("sessions", services.staff.forget_expired)),
            every(KEEP_SECONDS, metrics.chore("house", partial(keep_house, services.database))),
            every(OUTBOX_SECONDS, metrics.chore("outbox", services.worker.turn)),
            every(FORGET_SECONDS, metrics.chore("outbox_forget", services.worker.forget)),
            every(LAPSE_SECONDS, metrics.chore("response", services.response.clockwork.look)),
            every(LAPSE_SECONDS, metrics.chore("spells", services.people.spells.look)),
            every(TURN_SECONDS, metrics.chore("turns", services.people.turns.look)),
            every(EXPORT_SECONDS, metrics.chore("exports", services.bulk.make)),
            every(FORGET_SECONDS, metrics.chore("exports_forget", services.bulk.forget)),
            serve_page(app.state.settings.metrics_port, page),
        ):
            yield
    finally:
        services.live.close()
        await services.worker.close()
        await services.database.close()
        if app.state.settings.traces_url:
            await asyncio.to_thread(app.state.traces.shutdown)  # sends what it still has
