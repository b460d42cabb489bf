"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    lock_home: str
    home: str
    put_settings: str
    settings: str
    set_time_zone: str
    outcomes: str
    newest: str
    next_version: str
    unwanted: str
    add_version: str
    tell_home: str
    tell_hub: str
    standing: str
    applied: str
    budgets: str
    lock_budgets: str
    budget_of_all: str
    put_budget_of_all: str
    standings: str
    lock_hub: str
    command: str
    next_number: str
    add_command: str
    commands: str
    not_over: str
    known: str
    settle: str
    know: str
    renumber: str
    note_ahead: str
    open_commands: str
    sent: str
    steps: str
    add_reports: str
    answer: str
    asked: str
    dry_runs: str
    add_steps: str
    tell_staff: str


SQL = load(_Sql)
