"""Every word the console shows is in the catalogue, and every word in the catalogue is shown."""

import re
import string
from pathlib import Path

import pytest
from markupsafe import Markup

import api.console
from api.alerts.lifecycle import Action, Outcome
from api.alerts.own import CHANNEL_DEAD
from api.channels.registry import CHANNELS
from api.console.routes.fitting import _WORK
from api.console.text import LANGUAGES, Catalogue, catalogue
from api.console.views.channels import OF_BROWSERS
from api.console.views.cohorts import NUMBERS, RECORD, TRENDS
from api.console.views.fitting import STEPS as FITTING
from api.console.views.people import AREAS, FLAGS, LINES, SENSORS
from api.console.views.steps import FORMS
from api.console.views.tour import NAMES as TOUR
from api.estate.troubles import Trouble
from api.fitting.views import Answered, Fault, What
from api.fitting.views import Why as NotPassed
from api.oidc.refusing import Why
from api.people.consent import GivenBy, Purpose
from api.people.spell import SpellKind, Wish
from api.reablement.days import MEASURES
from api.reablement.views import Sequel
from api.response.follow_ups import Done
from api.response.plan import StepKind, Whom
from api.response.progress import Result
from contract import CommandKind, Condition, Kind, Progress, Severity
from contract.downlink import Under
from contract.outcomes import OUTCOMES

ROOM = Path(api.console.__file__).parent
# A key in a template or a module: t("queue.title"), text("alert.range", ...), t("severity." ~ x).
_USE = re.compile(r"""\b(?:t|text)\(\s*f?["']([a-z_.{}()]+)["']( ~)?""")
_SET = [
    f"{channel.name}.{name}"
    for channel in CHANNELS.values()
    for name in channel.settings.__struct_fields__
    if name not in channel.at_machine | OF_BROWSERS.get(channel.name, frozenset())
]
"""What is asked of a destination; a hint stands beside some."""
# Keys that are put together from a word of the field.
_BUILT = {
    "absence.": tuple(SpellKind),
    "account.": (
        "passkey_removed", "passkey_named", "session_ended", "token_revoked", "password_changed",
    ),
    "account.by_": ("password", "oidc", "passkey"),
    "again.": ("help_button", "other"),
    "age.": ("late", "overdue"),
    "alert.": ("above", "below", "within", "unseen", "unknown"),
    "audit.": ("home", "username", "since", "until"),
    "cohorts.form.": (
        *NUMBERS, *RECORD, *TRENDS, "name", "trend_measure", "trend_way", "less", "more",
        "no_trend",
    ),
    "cohorts.outcome.": ("contacted", "no_answer", "action"),
    "condition.": tuple(
        f"{word}.{part}" for word in (*Condition, CHANNEL_DEAD) for part in ("title", "advice")
    ),
    "consent.": ("given", "withdrawn", "expired"),
    "done.": ("claimed", "released", "noted", "resolved", "stepped", "attempted"),
    "error.": (
        *(f"{word}{end}"
          for word in ("not_found", "away", "forged", "not_allowed", "refused", "fault")
          for end in ("", "_title")),
    ),
    "duties.escalates_": ("1", "2"),
    "duties.level_": ("1", "2"),
    "estate.is.": tuple(Trouble),
    "estate.said.": tuple(Trouble),
    "duties.kind_": ("none", "seconds", "same_day", "next_working_day"),
    "duties.unit_": ("s", "min", "h"),
    "filter.": ("lane", "handler", "condition", "organisation", "mine", "nobody"),
    "fitting.": (
        "walk_waiting", "walk_told", "test_waiting", "test_told", "signed", "signed_open",
    ),
    "fitting.did_": tuple(_WORK),
    "fitting.is_": ("done", "now", "later"),
    "fitting.answered.": tuple(Answered),
    "fitting.fault.": tuple(Fault),
    "fitting.open.": (*What, *Fault),
    "fitting.step.": FITTING,
    "fitting.why.": tuple(NotPassed),
    "dry_run.": ("told", "waiting", "unanswered", "expired", "refused", "lost"),
    "dry_run.under_": tuple(Under),
    "follow.": ("nobody", "no_consent", "withdrawn", "expired", "expires", "lost"),
    "given_by.": tuple(GivenBy),
    "hub.": (
        "refused", "reverted", "is_pause", "is_away", "may_be_pause", "may_be_away", "wrong_hours",
        "wrong_until", "wrong_minutes",
    ),
    "hub.do.": tuple(kind for kind in CommandKind if kind != CommandKind.DRY_RUN),
    "hub.state.": (
        "waiting", "told_waiting", *Progress, "unanswered", "cut_short",
    ),
    "hub.what.": tuple(CommandKind),
    "hand_over.": (
        *(f"{part}{end}"
          for part in ("in_hand", "waiting", "shelved", "absent", "tasks", "ended")
          for end in ("", "_none")),
    ),
    "history.": (*Action, "anew", "other", "raised", "raised_here", "cleared", "cleared_here"),
    "keys.": ("help", "next", "previous", "filter", "open", "claim"),
    "kind.": tuple(Kind),
    "month.": tuple(str(number) for number in range(1, 13)),
    "nav.": (
        "queue", "homes", "estate", "follow_ups", "cohorts", "shift", "reports", "audit", "staff",
        "organisations",
    ),
    "channels.": (
        "name", "way", "told", "fares", "what", "given_up", "why", "every_lane", "every_step",
        "added", "changed", "off", "on", "taken", "again", "switch_on", "try_browsers",
    ),
    "channels.purpose_": ("own", "care_team", "family"),
    "channels.every_": ("lane", "step"),
    "channels.ways.": tuple(CHANNELS),
    "channels.step.": ("heartbeat", "request", "prompt"),
    "channels.set.": (
        *(f"{one}.label" for one in _SET),
        *(f"{one}.hint" for one in _SET if catalogue().has(f"channels.set.{one}.hint")),
    ),
    "organisations.": (
        "homes", "hubs", "staff", "destinations", "own_duties", "usual_duties", "added", "renamed",
    ),
    "outcome.": (*(f"{word}.{part}" for word in Outcome for part in ("label", "hint")),),
    "people.": (*LINES, *AREAS),
    "purpose.": tuple(Purpose),
    "contact.": ("name", "relation", "numbers", "position", "hours", "exceptions", "note"),
    "follow_up.": (
        *(f"{whose}_{when}" for whose in ("all", "mine") for when in ("open", "due", "overdue")),
    ),
    "follow_up.came.": tuple(Done),
    "plan.": ("of_built_in", "of_organisation", "of_home", "answered", "at_end"),
    "plan.kind.": tuple(StepKind),
    "plan_form.kind.": tuple(StepKind),
    "plan.of_": ("built_in", "organisation", "home"),
    "plan.result.": tuple(Result),
    "plan.whom.": (*Whom, "contact", "somebody"),
    "notifications.": ("off_done", "tested_done"),
    "notifications.is_": (
        "on", "off", "asking", "blocked", "dismissed", "failed", "unsupported",
    ),
    "notifications.why_": ("blocked", "device", "phone", "closed", "shared"),
    "oidc.": tuple(Why),
    "places.": ("home", "label", "time_zone"),
    "queue.": ("waiting", "held", *(f"{word}_hint" for word in Severity)),
    "queue.empty_": tuple(Severity),
    "risk.": (*FLAGS, "under_65", "65_to_79", "80_or_more", "female", "male"),
    "shift.head.": (
        "waiting", "late", "escalated", "oldest", "in_hand", "suspended", "shelved", "in_time",
        "missed", "still", "holding", "taken", "resolved", "steps",
    ),
    "sensor.": SENSORS,
    "reablement.measure.": MEASURES,
    "reablement.sequel.": (*Sequel, "unknown"),
    "reablement.says.": (*(
        f"{word}.{part}" for word in ("step_up", "step_down", "no_change", "cannot_say")
        for part in ("title", "said")
    ),),
    "reports.": (*(f"{name}.{part}" for name in (
        "answers", "conditions", "rates", "outcomes", "calls", "uptime", "shifts", "hours", "roles",
    ) for part in ("title", "said")),),
    "reports.duty.": ("same_day", "next_working_day"),
    "reports.export.": ("alerts", "daily_counts", "events"),
    "reports.head.": (
        "duty", "alerts", "in_time", "late", "waiting", "share", "target", "median", "condition",
        "further", "confirmed", "not_confirmed", "unknown", "open", "value", "rate", "priority",
        "outcome", "homes", "calls", "what", "number", "heard", "silences", "shift", "steps",
        "hour", "role", "people", "resolved",
    ),
    "reports.shift.": ("early", "late", "night"),
    "severity.": tuple(Severity),
    "absent.": tuple(SpellKind),
    "spell.": tuple(SpellKind),
    "standing.": ("planned", "told", "in_force", "lost", "no_hub", "over", "over_lost"),
    "styleguide.": (*(
        f"{part}.{word}" for word in ("title", "said") for part in (
            "colours", "sizes", "icons", "buttons", "fields", "signs", "notices", "texts",
        )
    ),),
    "tour.": (*(f"{step}.{word}" for step in TOUR for word in ("title", "said", "go")),),
    "tour.is_": ("done", "now", "later", "look"),
    "sign_in.": ("ended", "first", "chosen", "wrong_code", "missing_code"),
    "sign_in.missing_": ("username", "password"),
    "sound.is_": ("blocked", "failed"),
    "staff.": ("invited", "invited_over", "factor", "no_factor", "saved", "factor_off", "stopped",
               "started"),
    "steps.": (
        *(f"{form}.{part}" for form in FORMS for part in ("title", "hint", "reason", "do")),
    ),
    "time.": ("at", "on"),
    "told.step.": ("raise", "report", "clear", *Action),
    "wish.": tuple(Wish),
    "weekday.": tuple(str(number) for number in range(7)),
}  # fmt: skip


def sources() -> list[str]:
    files = [*ROOM.rglob("*.py"), *ROOM.glob("templates/*.html")]
    return [file.read_text("utf-8") for file in files if "node_modules" not in file.parts]


def used() -> tuple[set[str], set[str]]:
    """Keys that stand in the code as they are, and beginnings of keys that are put together."""
    whole, begun = set(), set()
    for source in sources():
        for key, joined in _USE.findall(source):
            if joined or "{" in key:
                begun.add(key.split("{")[0])
            else:
                whole.add(key)
    return whole, begun


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_asks_for_a_word_that_is_not_there(language: str) -> None:
    text = catalogue(language)
    whole, begun = used()
    assert sorted(key for key in whole if not text.has(key)) == []
    assert begun <= _BUILT.keys()
    built = {f"{start}{end}" for start, ends in _BUILT.items() for end in ends}
    assert sorted(key for key in built if not text.has(key)) == []


def test_no_word_is_left_over() -> None:
    whole, _ = used()
    built = {f"{start}{end}" for start, ends in _BUILT.items() for end in ends}
    assert sorted(catalogue().all_keys() - whole - built) == []


def test_every_condition_outcome_and_action_has_its_words() -> None:
    text = catalogue()
    for word in Condition:
        assert text(f"condition.{word}.title")
        assert text(f"condition.{word}.advice")[0].islower(), "it follows a colon"


def test_an_outcome_is_offered_with_what_it_means() -> None:
    for one in OUTCOMES.values():
        assert catalogue()(f"outcome.{one.code}.hint") == one.means.rstrip(".")


def test_no_word_diagnoses() -> None:
    said = " ".join(str(_raw(catalogue(), key)) for key in catalogue().all_keys()).lower()
    for claim in ("detected", "diagnos", "has fallen", "is dehydrated", "has a uti"):
        assert claim not in said


def test_no_template_holds_a_word_of_its_own() -> None:
    """What stands between tags must come from the catalogue, or it can never be translated."""
    for file in ROOM.glob("templates/*.html"):
        bare = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", file.read_text("utf-8"), flags=re.DOTALL
        )
        words = re.findall(r">[^<>]*[A-Za-z][^<>]*<", bare)
        assert words == [], file.name


def test_values_are_escaped_and_markup_is_not() -> None:
    text = Catalogue({"a": "{who} at {when} & <b>"})
    said = text("a", who="<script>", when=Markup("<time>now</time>"))
    assert said == "&lt;script&gt; at <time>now</time> &amp; &lt;b&gt;"


def test_plural_forms_follow_the_number() -> None:
    text = catalogue()
    assert text("queue.tally_waiting", n=1) == "1 alert has no handler"
    assert text("queue.tally_waiting", n=3) == "3 alerts have no handler"


def test_sentences_are_short() -> None:
    """Plain English: at most 20 words to a sentence, at most 5 letters to a word on average."""
    for key in catalogue().all_keys():
        raw = _raw(catalogue(), key)
        for form in raw.values() if isinstance(raw, dict) else (raw,):
            plain = re.sub(r"\{\w+\}", "x", form)
            for sentence in re.split(r"[.?!:]\s", plain):
                words = sentence.split()
                assert len(words) <= 20, f"{key}: {sentence}"


def test_every_name_in_a_text_is_a_plain_one() -> None:
    for key in catalogue().all_keys():
        raw = _raw(catalogue(), key)
        for form in raw.values() if isinstance(raw, dict) else (raw,):
            names = [name for _, name, _, _ in string.Formatter().parse(form) if name is not None]
            assert all(name.isidentifier() for name in names), key


def _raw(text: Catalogue, key: str) -> str | dict[str, str]:
    found: str | dict[str, str] = text._find(key)
    return found
