"""A journal that is damaged, another home's or stuck is told before its events are missed."""

from collections import Counter
from pathlib import Path

from contract import Receipt
from gateway.doctor.centre import copied
from gateway.doctor.finding import Finding, State
from gateway.doctor.secrets import check_secrets
from gateway.doctor.store import check_store
from gateway.journal import Intake, Journal
from gateway.journal.epochs import TAKEN
from gateway.report.report import Report, report
from gateway.report.report_lines import human
from gateway.settings import files
from gateway.uplink.key import load_or_make_key
from tests.gateway.events import START, event
from tests.gateway.household import Household


def filled(tmp_path: Path, events: int = 2) -> Household:
    household = Household(tmp_path, centre="https://centre.example")
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(events)]), START)
    return household


def stored(household: Household, now: float = START) -> dict[str, Finding]:
    places = files(household.path, household.settings)
    return {one.check: one for one in check_store(household.settings, places, now)}


def secrets(household: Household, **variables: str) -> dict[str, Finding]:
    places = files(household.path, household.settings)
    return {one.check: one for one in check_secrets(household.settings, places, variables)}


def test_a_journal_that_is_whole_is_said_so(tmp_path: Path) -> None:
    found = stored(filled(tmp_path))
    assert {one.state for one in found.values()} == {State.OK}
    assert found["outbox"].said == "2 records not yet received by the centre"


def test_a_torn_page_is_found(tmp_path: Path) -> None:
    household = filled(tmp_path, events=2000)
    pages = bytearray(household.journal_path.read_bytes())
    middle = len(pages) // 2 // 4096 * 4096
    pages[middle : middle + 4096] = b"\xa5" * 4096
    household.journal_path.write_bytes(pages)
    found = stored(household)["journal"]
    assert found.state is State.WRONG
    assert "keep a copy" in found.remedy


def test_what_is_no_database_at_all_is_told(tmp_path: Path) -> None:
    household = Household(tmp_path)
    household.journal_path.parent.mkdir()
    household.journal_path.write_bytes(b"no database at all" * 100)
    assert stored(household)["journal"].state is State.WRONG


def test_another_homes_journal_is_told_by_name(tmp_path: Path) -> None:
    household = filled(tmp_path)
    household.path.write_text(household.path.read_text().replace('"h1"', '"h2"'))
    found = stored(household)["identity"]
    assert found.state is State.WRONG
    assert "home 'h1'" in found.said


def test_records_that_have_waited_for_days_are_worth_a_word(tmp_path: Path) -> None:
    found = stored(filled(tmp_path), START + 3 * 86_400)["outbox"]
    assert found.state is State.NOTE
    assert "3.0 days" in found.said


def test_a_journal_that_the_centre_proved_to_be_an_old_copy_is_told_for_a_week(
    tmp_path: Path,
) -> None:
    household = filled(tmp_path)
    assert "old copy" not in stored(household)
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        journal.outbox.begin_anew(journal.last_seq, TAKEN, START)
        journal.write_intake(Intake(events=[event(9)]), START)
    assert stored(household, START + 86_400)["old copy"].state is State.NOTE
    assert "old copy" not in stored(household, START + 8 * 86_400)


def test_a_journal_put_back_is_told_before_the_hub_is_started_with_it() -> None:
    receipt = Receipt(hub="hub-1", epoch="e", contiguous=9)
    (told,) = copied(receipt, "e", 5)
    assert "9 records where this journal has 5" in told.said
    assert copied(receipt, "e", 9) == copied(receipt, "another", 5) == []


def test_what_was_lost_or_refused_on_the_way_is_worth_a_word(tmp_path: Path) -> None:
    household = filled(tmp_path)
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        counts = Counter(overflowed=7, centre_refused=2)
        journal.write_intake(Intake(counts=counts), START)
    found = stored(household)
    assert found["overload"].said.startswith("7 messages at QoS 0")
    assert found["refused"].said.startswith("2 records could not be taken")


def test_a_job_that_hung_is_told_for_a_week_though_the_hub_was_started_anew(tmp_path: Path) -> None:
    household = filled(tmp_path)
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        journal.write_note("stuck", "detecting", START)
    found = stored(household, START + 2 * 86_400)["watchdog"]
    assert found.state is State.NOTE
    assert found.said == "detecting did not get on, 2.0 days ago"
    assert stored(household, START + 8 * 86_400)["watchdog"].state is State.OK
    shown = "\n".join(human(report_of(household), START + 3600))
    assert "stuck     detecting did not get on, 1 hour ago" in shown


def report_of(household: Household) -> Report:
    return report(household.settings, files(household.path, household.settings), START)


def test_a_key_that_others_can_read_is_told_with_the_command_that_mends_it(tmp_path: Path) -> None:
    household = filled(tmp_path)
    assert "claim" in secrets(household)["key"].remedy
    key = files(household.path, household.settings).key
    load_or_make_key(key)
    assert secrets(household)["key"].state is State.OK
    key.chmod(0o644)
    assert secrets(household)["key"].remedy == f"run chmod 600 {key}"


def test_a_password_that_everyone_can_read_or_that_is_missing_is_told_but_never_shown(
    tmp_path: Path,
) -> None:
    household = filled(tmp_path)
    text = household.path.read_text().replace("[broker]", '[broker]\npassword_file = "secret"')
    household.path.write_text(text)
    assert secrets(household)["password"].state is State.WRONG
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    secret.chmod(0o640)
    assert secrets(household)["password"].state is State.OK
    secret.chmod(0o644)
    found = secrets(household)["password"]
    assert found.remedy == f"run chmod o= {secret}"
    assert "hunter2" not in found.said
    secret.write_text("\n")
    assert "empty" in secrets(household)["password"].said
    found = secrets(household, TELECARE_GATEWAY_BROKER_PASSWORD="hunter2")["password"]
    assert found.state is State.OK
    assert "hunter2" not in found.said
