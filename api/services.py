"""What the routes work with: one object for each room, made in :mod:`api.app`."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from api.alerts.duties import Duties
from api.alerts.service import Alerts
from api.audit.log import AuditLog
from api.clock import Clock
from api.cohorts.service import Cohorts
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
from api.identity.new_passwords import NewPasswords
from api.identity.passkeys import Passkeys
from api.identity.rate import Rate
from api.identity.second_factor import SecondFactors
from api.identity.service import Staff
from api.identity.throttle import Throttle
from api.live.fanout import Fanout
from api.oidc.service import Federation
from api.operation.metrics import Metrics
from api.organisations.service import Organisations
from api.outbox.destinations import Destinations
from api.outbox.service import Outbox
from api.outbox.trouble import Trouble
from api.outbox.worker import Worker
from api.people.service import People
from api.push.service import Push
from api.reablement.service import Reablement
from api.reports.service import Reports
from api.response.service import Response
from api.silence.watch import Watch
from api.store.database import Database
from api.store.timekeeper import Timekeeper


@dataclass(frozen=True)
class Services:
    """The centre's services, ready to use."""

    clock: Clock
    timekeeper: Timekeeper
    database: Database
    metrics: Metrics
    live: Fanout

    # Who comes in, and what they did.
    throttle: Throttle
    rate: Rate
    staff: Staff
    new_passwords: NewPasswords
    administration: Administration
    second_factors: SecondFactors
    passkeys: Passkeys
    federation: Federation | None
    access: Access
    audit: AuditLog

    # Hubs, and what they are told.
    claims: Claims
    places: Places
    fittings: Fittings
    keys: Keys
    door: Door
    ingest: Ingest
    watch: Watch
    configurations: Configurations
    budgets: Budgets
    commands: Commands
    dry_runs: DryRuns
    asking: Asking

    # Alerts, and what is done about them.
    alerts: Alerts
    duties: Duties
    response: Response
    outbox: Outbox
    destinations: Destinations
    worker: Worker
    trouble: Trouble
    push: Push

    # Homes, and who lives there.
    organisations: Organisations
    homes: Homes
    people: People
    cohorts: Cohorts
    reablement: Reablement

    # Figures and rows for others.
    floors: Floors
    estate: Estate
    reports: Reports
    exports: Exports
    fhir: Fhir
    bulk: Bulk


def services(request: Request) -> Services:
    """The services of the application that serves `request`."""
    return cast(Services, request.app.state.services)
