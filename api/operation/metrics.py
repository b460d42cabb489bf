"""What the centre tells Prometheus of itself.

No label names a person, a home, a hub or an organisation: each takes a few words that stand in
this version's code, but for the sort of database error that there is none of.
"""

from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from api.clock import Clock
from api.store.apart import Kind
from contract import Batch, Receipt, RecordKind

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "other"

_KINDS = frozenset(kind.value for kind in RecordKind)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_REASONS = (
    ("home must be ", "other_home"),
    ("hub must be ", "other_hub"),
    ("a text must not hold a NUL", "nul"),
    ("kind must not hold a NUL", "nul"),
)


class Metrics:
    """All of them, for one replica.

    Args:
        clock: The centre's, for when chores last succeeded.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.registry = CollectorRegistry()
        at = self.registry
        self.requests = Counter(
            "telecare_api_requests", "Requests answered, by route and status.",
            ("method", "route", "status"), registry=at,
        )  # fmt: skip
        self.seconds = Histogram(
            "telecare_api_request_seconds", "How long each took until its answer began.",
            ("method", "route"), buckets=_BUCKETS, registry=at,
        )  # fmt: skip
        self.batches = Counter(
            "telecare_api_ingest_batches", "Batches of hubs that were stored.", registry=at
        )
        self.records = Counter(
            "telecare_api_ingest_records", "Records in them that were new.", registry=at
        )
        self.refused = Counter(
            "telecare_api_ingest_refused", "Records kept aside because they could not be read.",
            ("kind", "reason"), registry=at,
        )  # fmt: skip
        self.streams = Gauge(
            "telecare_api_live_streams", "Open pages that are kept true.", registry=at
        )
        self.listening = Gauge(
            "telecare_api_listening", "1 while this replica hears the database.", registry=at
        )
        self.stopping = Gauge("telecare_api_stopping", "1 once it was told to stop.", registry=at)
        self.pool = Gauge(
            "telecare_api_pool_connections",
            "Connections to the database, by use.",
            ("use",),
            registry=at,
        )
        self.chores = Gauge(
            "telecare_api_chore_success_seconds", "When each chore last succeeded, as Unix time.",
            ("chore",), registry=at,
        )  # fmt: skip
        self.passed_over = Counter(
            "telecare_api_passed_over", "Rows that the clock could not move on, at each try.",
            ("kind",), registry=at,
        )  # fmt: skip
        for kind in Kind:
            self.passed_over.labels(kind)  # so that the first is seen to be one more
        self.info = Gauge(
            "telecare_api_info", "1, with the version of the software.", ("version",), registry=at
        )
        self.survey = Gauge(
            "telecare_api_survey_success_seconds",
            "When what follows was last read from the database, as Unix time.", registry=at,
        )  # fmt: skip
        self.clock_ahead = Gauge(
            "telecare_api_clock_ahead_seconds",
            "How far the replica's clock is ahead of the database's; below 0 it is behind.",
            registry=at,
        )
        self.certificate_ends = Gauge(
            "telecare_api_certificate_ends_seconds",
            "When the certificate ends that it serves, as Unix time; 0 without one of its own.",
            registry=at,
        )
        self.migrations = Gauge(
            "telecare_centre_migrations_missing", "Migrations that the database lacks.", registry=at
        )
        self.hubs = Gauge(
            "telecare_centre_hubs", "Claimed hubs, heard or silent.", ("state",), registry=at
        )
        self.alerts = Gauge(
            "telecare_centre_alerts", "Alerts that are not at their end, by priority and state.",
            ("priority", "state"), registry=at,
        )  # fmt: skip
        self.oldest = Gauge(
            "telecare_centre_alert_oldest_seconds", "Age of the oldest of them.",
            ("priority", "state"), registry=at,
        )  # fmt: skip
        self.missed = Gauge(
            "telecare_centre_duties_missed", "Open alerts that nobody took in time, by duty.",
            ("priority", "level"), registry=at,
        )  # fmt: skip
        self.outbox = Gauge(
            "telecare_centre_outbox_messages", "Messages that wait, or were given up.",
            ("state",), registry=at,
        )  # fmt: skip
        self.waiting = Gauge(
            "telecare_centre_outbox_oldest_seconds",
            "Age of the oldest message that waits.",
            registry=at,
        )

    def page(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request, `seconds` from its head until the head of its answer."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def batch(self, sent: Batch, receipt: Receipt) -> None:
        """One batch that was stored."""
        self.batches.inc()
        self.records.inc(receipt.stored)
        kinds = {record.seq: record.kind for record in sent.records}
        told = Tally(
            (_kind(kinds.get(one.seq, "")), _reason(one.reason)) for one in receipt.refused
        )
        for labels, number in told.items():
            self.refused.labels(*labels).inc(number)

    def passed(self, kind: Kind) -> None:
        """One row that could not be moved on by the clock."""
        self.passed_over.labels(kind).inc()

    def chore(
        self, name: str, work: Callable[[], Awaitable[object]]
    ) -> Callable[[], Awaitable[None]]:
        """The same chore, that tells when it succeeded."""
        at = self.chores.labels(name)

        async def measured() -> None:
            await work()
            at.set(self._now().timestamp())

        return measured

    def _now(self) -> datetime:
        return self._clock()


def _kind(kind: str) -> str:
    return kind if kind in _KINDS else OTHER


def _reason(sentence: str) -> str:
    """Why, in one of a few words: the sentence itself may hold what a device said."""
    for begins, word in _REASONS:
        if sentence.startswith(begins):
            return word
    return "out_of_range" if " must be " in sentence else "unreadable"
