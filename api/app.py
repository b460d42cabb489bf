"""Puts the centre together: the one place that knows every room.

Their doors stand in :mod:`api.rooms`, what they do by the clock in :mod:`api.timetable`.
"""

import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI

import api.console
from api.alerts.duties import Duties
from api.alerts.leaving import Leaving
from api.alerts.service import Alerts
from api.audit.log import AuditLog
from api.channels.registry import CHANNELS
from api.clock import Clock
from api.cohorts.record import FromConfiguration, FromPeople
from api.cohorts.service import Cohorts
from api.correlation import Correlation
from api.downlink.asking import Asking
from api.downlink.budgets import Budgets
from api.downlink.commands import Commands
from api.downlink.configurations import Configurations
from api.downlink.dry_runs import DryRuns
from api.estate.service import Estate
from api.exports.service import Exports
from api.fhir.bulk import Bulk
from api.fhir.service import Fhir
from api.fitting.service import Fittings
from api.floor.service import Floors
from api.homes.service import Homes
from api.hubs.claims import Claims
from api.hubs.door import Door
from api.hubs.ingest import Ingest
from api.hubs.keys import Keys
from api.hubs.places import Places
from api.identity.access import Access
from api.identity.administration import Administration
from api.identity.doors import mark
from api.identity.new_passwords import NewPasswords
from api.identity.passkeys import Passkeys
from api.identity.passwords import Passwords
from api.identity.rate import Rate
from api.identity.second_factor import SecondFactors
from api.identity.service import Staff
from api.identity.throttle import Throttle
from api.lifespan import lifespan
from api.live.fanout import Fanout
from api.oidc.service import Federation
from api.oidc.settings import read_provider
from api.oidc.wire import Wire
from api.operation.measured import Measured
from api.operation.metrics import Metrics
from api.operation.strike import strike
from api.operation.traces import Traced, to_receiver
from api.organisations.service import Organisations
from api.outbox.destinations import Destinations
from api.outbox.service import Outbox
from api.outbox.trouble import Trouble
from api.outbox.worker import Worker
from api.people.composing import Composing
from api.people.service import make_people
from api.people.spells import Spells
from api.push.service import Push
from api.reablement.service import Reablement
from api.reports.service import Reports
from api.response.service import response
from api.response.words import words_of
from api.rooms import MESSAGES, ROOMS
from api.services import Services
from api.settings import Settings
from api.silence.watch import Watch
from api.store.apart import Apart
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.sealed import seal_of
from api.store.timekeeper import Timekeeper
from api.web.again import persistent
from api.web.headers import SecurityHeaders
from api.web.openapi import describe
from api.web.problems import add_problems


def create_app(
    settings: Settings, *, clock: Clock | None = None, passwords: Passwords | None = None
) -> FastAPI:
    """The centre as an ASGI application.

    Args:
        settings: With `database_url` set; the database must have been migrated.
        clock: What time it is; the database's clock if left out.
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
        lifespan=lifespan,
    )
    app.state.services = services
    app.state.settings = settings
    for room in ROOMS:
        app.include_router(persistent(mark(room.router)))
    add_problems(app)
    describe(app, MESSAGES)
    api.console.mount(app)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measured, metrics=services.metrics)
    if settings.traces_url:
        app.state.traces = to_receiver(settings.traces_url, app.version)
        app.add_middleware(Traced, provider=app.state.traces)
    app.add_middleware(Correlation)
    return app


def _claimed(
    configurations: Configurations, spells: Spells
) -> Callable[[Connection, str], Awaitable[None]]:
    """What a hub is told once it is claimed: its home's configuration, and what goes on there."""

    async def tell(connection: Connection, home: str) -> None:
        await configurations.renew(connection, home, None)
        await spells.claimed(connection, home)

    return tell


def create_services(
    settings: Settings,
    clock: Clock | None = None,
    passwords: Passwords | None = None,
    *,
    actor: str = "",
) -> Services:
    """The services alone, for commands that serve nobody; `actor` is who the audit log names.

    Where no clock is given, have `timekeeper` look first: until then nobody knows what time it is.
    """
    # What several rooms share.
    database = Database(settings.database_url, connections=settings.connections, actor=actor)
    timekeeper = Timekeeper(database)
    clock = clock or timekeeper
    throttle = Throttle(database, clock)
    seal = seal_of(Path(settings.secret_key_file)) if settings.secret_key_file else None
    cover = Cover(seal)
    passwords = passwords or Passwords()
    organisations = Organisations(database, clock)
    live = Fanout()
    metrics = Metrics(clock)
    apart = Apart(metrics.passed)
    # Rooms that others lean on.
    second_factors = SecondFactors(database, clock, throttle, seal)
    lifetime = timedelta(hours=settings.session_hours)
    staff = Staff(
        database, clock, throttle, passwords, lifetime, second_factors, settings.required_roles
    )
    provider = read_provider(settings)
    configurations = Configurations(database, clock, [Composing(clock)])
    commands = Commands(database, clock)
    lease = timedelta(minutes=settings.lease_minutes)
    alerts = Alerts(database, clock, lease, apart, cover, resolved=configurations.take_in_outcomes)
    duties = Duties(database, clock)
    people = make_people(
        database, clock, seal, configurations, second_factors, apart=apart,
        opener=partial(words_of, cover=cover), striker=partial(strike, cover=cover),
    )  # fmt: skip
    return Services(
        clock=clock,
        timekeeper=timekeeper,
        database=database,
        metrics=metrics,
        live=live,
        # Who comes in, and what they did.
        throttle=throttle,
        rate=Rate(clock, settings.requests_per_minute),
        staff=staff,
        new_passwords=NewPasswords(database, clock, throttle, passwords, staff),
        administration=Administration(
            database, clock, passwords, Leaving(alerts.acting), settings.public_url
        ),
        second_factors=second_factors,
        passkeys=Passkeys(database, clock, throttle, staff, settings.public_url),
        federation=Federation(
            database, clock, throttle, passwords, staff, organisations,
            Leaving(alerts.acting), provider, Wire(provider, time.monotonic),
            settings.required_roles,
        ) if provider else None,
        access=Access(database, clock, settings.required_roles),
        audit=AuditLog(database, clock),
        # Hubs, and what they are told.
        claims=Claims(database, clock, throttle, _claimed(configurations, people.spells)),
        places=Places(database, clock, alerts.timers.left),
        fittings=Fittings(database, clock),
        keys=Keys(database, clock),
        door=Door(database, clock),
        ingest=Ingest(database, clock, alerts.timers.arrived),
        watch=Watch(database, clock, timedelta(minutes=settings.silent_minutes)),
        configurations=configurations,
        budgets=Budgets(database, clock, configurations),
        commands=commands,
        dry_runs=DryRuns(database, clock, commands, configurations),
        asking=Asking(database, clock, live.waiting),
        # Alerts, and what is done about them.
        alerts=alerts,
        duties=duties,
        response=response(database, clock, alerts.acting, seal, CHANNELS, apart=apart),
        outbox=Outbox(database, clock, CHANNELS, seal),
        destinations=Destinations(database, clock, CHANNELS, seal),
        worker=Worker(database, clock, CHANNELS, seal=seal, random=random.random),
        trouble=Trouble(database, clock),
        push=Push(database, clock, seal),
        # Homes, and who lives there.
        organisations=organisations,
        homes=Homes(database, clock, alerts),
        people=people,
        cohorts=Cohorts(database, clock, FromPeople(FromConfiguration()), cover),
        reablement=Reablement(database, clock),
        # Figures and rows for others.
        floors=Floors(database, clock),
        estate=Estate(database, clock),
        reports=Reports(database, clock, duties),
        exports=Exports(database, clock),
        fhir=Fhir(database, clock),
        bulk=Bulk(database, clock),
    )  # fmt: skip
