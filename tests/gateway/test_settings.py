"""A slip in the settings is named by file, line and key, with what is allowed."""

import re
from datetime import date
from pathlib import Path

import pytest

from detectors.profile import SensorRole
from detectors.rules.no_use import NoUse
from gateway.settings import files, load, url_problem
from gateway.toml_file import TomlError, line_of

GOOD = """\
[hub]
id = "hub-1"
home = "h1"

[broker]
port = 1884

[centre]
url = "https://centre.example"

[budget]
uti_risk = 0.5

[[sensors]]
name = "bathroom-pir"
kind = "motion"
place = "bathroom"

[[sensors]]
name = "kettle-plug"
kind = "appliance"
place = "kettle"
on_w = 800
"""

SHELLY = '[[networks]]\ndialect = "shelly"\n'


def settings_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hub.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_plain_file_is_read_with_sensible_defaults(tmp_path: Path) -> None:
    settings = load(settings_file(tmp_path, GOOD))
    assert settings.broker.port == 1884
    assert [(one.dialect, one.base) for one in settings.heard] == [("zigbee2mqtt", "zigbee2mqtt")]
    assert settings.clock.source == "wall"
    assert settings.sensors[1].off_w < settings.sensors[1].on_w == 800
    assert settings.profile.sensors == (
        SensorRole(sensor="bathroom-pir", kind="motion", place="bathroom"),
        SensorRole(sensor="kettle-plug", kind="appliance", place="kettle"),
    )
    assert settings.profile.budget == {"uti_risk": 0.5}


def test_what_is_on_record_and_what_staff_recorded_reach_the_detectors(tmp_path: Path) -> None:
    text = GOOD + (
        "[risk]\nearlier_uti = true\n"
        '[[outcomes]]\ncondition = "uti_risk"\noutcome = "false_alarm"\non = 2026-05-03\n'
    )
    profile = load(settings_file(tmp_path, text)).profile
    assert profile.risk.earlier_uti
    assert [(one.outcome, one.on) for one in profile.outcomes] == [
        ("false_alarm", date(2026, 5, 3))
    ]


def test_the_rules_of_a_home_reach_its_detectors(tmp_path: Path) -> None:
    rule = '[[rules]]\nkind = "no_use"\nname = "tea"\nby = "10:00"\n'
    settings = load(settings_file(tmp_path, GOOD + rule))
    assert settings.profile.rules == (NoUse(name="tea", by="10:00"),)


def test_files_count_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    path = settings_file(tmp_path, GOOD)
    places = files(path, load(path))
    assert places.journal == tmp_path / "data" / "journal.sqlite"
    assert places.key == tmp_path / "data" / "hub.key"
    assert places.password is None
    assert places.ca is None
    named = GOOD.replace("port = 1884", 'password_file = "secret"').replace(
        "[budget]", 'key_file = "/keys/a"\nca_file = "ca.pem"\n[budget]'
    )
    path = settings_file(tmp_path, named)
    places = files(path, load(path))
    assert places.password == tmp_path / "secret"
    assert places.key == Path("/keys/a")
    assert places.ca == tmp_path / "ca.pem"


def test_an_event_may_trail_by_what_brokers_reorder_and_the_longest_that_is_held_back(
    tmp_path: Path,
) -> None:
    assert load(settings_file(tmp_path, GOOD)).lag_s == 60 + 90
    assert load(settings_file(tmp_path, GOOD.replace("appliance", "motion"))).lag_s == 61


@pytest.mark.parametrize(
    ("edit", "line", "key", "says"),
    [
        (("port = 1884", 'port = "x"'), 6, "broker.port", "at least 1 and at most 65535"),
        (("port = 1884", "port = 0"), 6, "broker.port", "at least 1 and at most 65535"),
        (("port = 1884", "prt = 1884"), 6, "broker.prt", "allowed here are host, port, username"),
        (
            ('id = "hub-1"', ""),
            1,
            "hub.id",
            "missing required field `id`; allowed here are id, home",
        ),
        *(
            ((f'{key} = "{good}"', f'{key} = "{bad}"'), line, f"hub.{key}", f"1 to {most} letters")
            for key, good, line, most in (("id", "hub-1", 2, 64), ("home", "h1", 3, 128))
            for bad in (
                "",
                "../../x",
                "a b",
                "a/b",
                ".a",
                "-a",
                "é",
                "a" * (most + 1),
                "#",
                "a%2fb",
            )
        ),
        (('id = "hub-1"', r'id = "hub-1\n"'), 2, "hub.id", "printable characters"),
        (("[budget]", "[budgets]"), 11, "budgets", "allowed here are hub, broker, centre, clock"),
        (("uti_risk = 0.5", "uti = 0.5"), 12, "budget.uti", "'uti' is no condition; allowed are"),
        (
            ("uti_risk = 0.5", "fall_risk = 1\nuti_risk = 99\nno_movement = 0"),
            13,
            "budget.uti_risk",
            "more than 0 and at most 30",
        ),
        (("[budget]", '[risk]\nage = "old"\n[budget]'), 12, "risk.age", '"under_65"'),
        (("[budget]", "[risk]\nuti = true\n[budget]"), 12, "risk.uti", "earlier_uti"),
        (("[budget]", "[risk]\ndementia = 1\n[budget]"), 12, "risk.dementia", "true and false"),
        (
            ("[budget]", '[[outcomes]]\ncondition = "uti"\n[budget]'),
            12,
            "outcomes[0].condition",
            'allowed are "dehydration_risk", "uti_risk"',
        ),
        (
            ("[budget]", '[[outcomes]]\non = "May"\n[budget]'),
            12,
            "outcomes[0].on",
            "a date without quotes, such as 2026-05-03",
        ),
        (
            ("[budget]", '[[rules]]\nkind = "no_usage"\nname = "tea"\n[budget]'),
            12,
            "rules[0].kind",
            "'tea': Invalid value 'no_usage'; allowed for kind are \"no_use\", ",
        ),
        (
            ("[budget]", '[[rules]]\nkind = "no_use"\nname = "tea"\nby = 10\n[budget]'),
            14,
            "rules[0].by",
            "'tea': Expected `str`, got `int`; allowed is a time from",
        ),
        (
            ("[budget]", '[[rules]]\nkind = "unoccupied"\nname = "out"\nhour = 3\n[budget]'),
            14,
            "rules[0].hour",
            "unknown field `hour`; allowed here are kind, name, urgent, weekdays, hours",
        ),
        (
            ("[budget]", '[[rules]]\nkind = "open_door"\nname = "x"\n' * 2 + "[budget]"),
            16,
            "rules[1].name",
            "'x' names a rule above; allowed is each name once",
        ),
        (("port = 1884", 'host = "a..b"'), 6, "broker.host", "a name such as localhost"),
        (("port = 1884", 'base_topic = "a/#"'), 6, "broker.base_topic", "without + and #"),
        (("port = 1884", 'base_topic = "a/"'), 6, "broker.base_topic", "no / at its end"),
        (
            ("port = 1884", 'dialect = "knx"'),
            6,
            "broker.dialect",
            "no dialect; allowed are zigbee2m",
        ),
        (("port = 1884", 'base_topic = ""'), 6, "broker.base_topic", "every message"),
        (
            ("[budget]", '[[networks]]\ndialect = "shely"\n[budget]'),
            12,
            "networks[0].dialect",
            "'shely' is no dialect; allowed are",
        ),
        (
            ("[budget]", '[[networks]]\ndialect = "zigbee2mqtt"\n[budget]'),
            12,
            "networks[0].dialect",
            "[broker] has zigbee2mqtt on 'zigbee2mqtt' already (its default); allowed is each once",
        ),
        (
            ("[budget]", f"{SHELLY}{SHELLY}[budget]"),
            14,
            "networks[1].dialect",
            "shelly on 'shelly' stands above; allowed is each once",
        ),
        (
            (
                "[budget]",
                '[[networks]]\ndialect = "plain"\nbase_topic = "zigbee2mqtt/x"\n[budget]',
            ),
            13,
            "networks[0].base_topic",
            "lie within each other; allowed are topics apart",
        ),
        (
            ("[budget]", '[[networks]]\ndialect = "plain"\nbase_topic = ""\n[budget]'),
            13,
            "networks[0].base_topic",
            "plain would take every message",
        ),
        (
            ('kind = "appliance"', 'device = "bathroom-pir"\nkind = "appliance"'),
            20,
            "sensors[1].name",
            "above 'bathroom-pir' is 'bathroom-pir'; allowed is one name for each device",
        ),
        (("port = 1884", 'client_id = "a\\u0000"'), 6, "broker.client_id", "printable"),
        *(
            (("port = 1884", f'host = "{host}"'), 6, "broker.host", "a name such as localhost")
            for host in ("mqtt://localhost", "a b", "localhost:1883", "-a", "a..b", "http:")
        ),
        (("centre.example", "centre..example"), 9, "centre.url", "allowed is https://host"),
        (('"motion"', '"moton"'), 16, "sensors[0].kind", 'allowed are "appliance", "button"'),
        (
            ('"kettle"\n', '"The kettle"\n'),
            22,
            "sensors[1].place",
            "allowed is a text that matches",
        ),
        (("on_w = 800", "on_w = 80"), 19, "sensors[1].off_w", "100 is not below on_w = 80"),
        (("on_w = 800", "edges = 'up'"), 23, "sensors[1].edges", 'allowed are "both", "rising"'),
        (
            ('"kettle-plug"\nkind = "appliance"', '"bathroom-pir"\nkind = "motion"'),
            20,
            "sensors[1].name",
            "each name once for each kind",
        ),
        (("port = 1884", 'base_topic = "$SYS"'), 6, "broker.base_topic", "no $ at its beginning"),
        (("https://", "https://ann:s3cret@"), 9, "centre.url", "a name or password does not"),
        (("https://", "ftp://ann:s3cret@"), 9, "centre.url", "a name or password does not"),
        (("e.example", "e.example:x?s@"), 9, "centre.url", "a name or password does not"),
        (("e.example", "e.example/path"), 9, "centre.url", "more than a machine"),
        (("e.example", "e.example/?x=1"), 9, "centre.url", "more than a machine"),
        (("e.example", "e.example#x"), 9, "centre.url", "more than a machine"),
        (("https://", "http://"), 9, "centre.url", "in the clear; use https://"),
        (("https://centre.example", "centre"), 9, "centre.url", "allowed is https://host"),
        (
            ('home = "h1"', 'home = "h1"\ntime_zone = "Mars/Base"'),
            4,
            "hub.time_zone",
            "an IANA name such as Europe/London",
        ),
        (
            ("[broker]", '[unusual_day]\nscorer = "HalfMoonTrees"\n[broker]'),
            6,
            "unusual_day.scorer",
            "possible are RobustScorer, HalfSpaceTrees",
        ),
        (("[broker]", '[clock]\nsource = "sun"\n[broker]'), 6, "clock.source", '"events", "wall"'),
    ],
)
def test_a_slip_is_named_by_line_and_key_with_what_is_allowed(
    tmp_path: Path, edit: tuple[str, str], line: int, key: str, says: str
) -> None:
    was, is_now = edit
    assert was in GOOD
    path = settings_file(tmp_path, GOOD.replace(was, is_now, 1))
    with pytest.raises(TomlError) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(f"{path}:{line}: {key}: ")
    assert says in said
    assert "\n" not in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[hub", "not TOML"),
        (b"\xff\xfe", "not TOML"),
        (b'[hub]\nid = "\xe9"', ":2: not TOML: not in UTF-8"),
        (
            b'[hub]\nid = "a"\nhome = "h"\noff = ["no_movment"]\n',
            ":4: hub.off[0]: 'no_movment' is no condition",
        ),
        (b'[hub]\nid = "a"\nhome = "h"\noff = ["help_button"]\n', "'help_button' stays on"),
        (b"hub = 3", "hub: Expected `object`"),
        (b"x = " + b"[" * 5000, "brackets too deep"),
        (b"[hub]\npeople = 1" + b"0" * 5000, ":2: hub.people: a number of over 4300 digits"),
        (b'hub.id = "a"\nhub.home = "h"\nhub.people = "x"', ":3: hub.people: Expected `int`"),
        (b'broker."host" = 3\n[hub]\nid = "a"\nhome = "h"', ":1: broker.host: Expected `str`"),
    ],
)
def test_what_is_no_settings_file_at_all_is_said_so(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "hub.toml"
    path.write_bytes(content)
    with pytest.raises(TomlError, match=re.escape(says)):
        load(path)


def test_a_file_saved_by_an_editor_that_marks_its_beginning_is_read(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "\ufeff" + GOOD)
    assert load(path).hub.id == "hub-1"
    path = settings_file(tmp_path, "\ufeff" + GOOD.replace('"hub-1"', '""'))
    with pytest.raises(TomlError, match=r"hub\.toml:2: hub\.id: "):
        load(path)


@pytest.mark.parametrize("data", ["taken", "taken/below/it"])
def test_a_data_folder_that_is_a_file_is_told_before_anything_is_lost(
    tmp_path: Path, data: str
) -> None:
    (tmp_path / "taken").write_text("mine")
    path = settings_file(tmp_path, GOOD.replace("[broker]", f'data = "{data}"\n[broker]'))
    with pytest.raises(TomlError, match=r"hub\.toml:5: hub\.data: .*taken is a file; allowed"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TomlError, match="No such file"):
        load(tmp_path / "none.toml")


def test_further_networks_are_heard_beside_the_first(tmp_path: Path) -> None:
    more = '[[networks]]\ndialect = "shelly"\nbase_topic = ""\n[[networks]]\ndialect = "plain"\n'
    settings = load(settings_file(tmp_path, GOOD + more))
    heard = [(one.dialect, one.base) for one in settings.heard]
    assert heard == [("zigbee2mqtt", "zigbee2mqtt"), ("shelly", ""), ("plain", "plain")]


@pytest.mark.parametrize(
    "url",
    [
        "https://a",
        "https://a:8443",
        "http://localhost:1",
        "http://127.0.0.1:8",
        "http://[::1]",
        "https://a/",
    ],
)
def test_a_safe_address_is_taken(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    "host", ["localhost", "my_pi.local", "10.0.0.7", "::1", "fe80::1%eth0", "küche", "a.example."]
)
def test_a_broker_is_found_by_whatever_machines_are_called(tmp_path: Path, host: str) -> None:
    text = GOOD.replace("port = 1884", f'host = "{host}"')
    assert load(settings_file(tmp_path, text)).broker.host == host


@pytest.mark.parametrize("url", ["", "a", "ftp://a", "https://", "http://10.0.0.1", "https://a:x"])
def test_an_unsafe_or_broken_address_is_refused(url: str) -> None:
    assert url_problem(url) is not None


def test_a_comment_that_looks_like_a_key_does_not_mislead() -> None:
    text = "# port = 1\n[broker] # [hub]\n  port = 2\n"
    assert line_of(text, ("broker", "port")) == 3
    assert line_of(text, ("broker", "host")) == 2
    assert line_of(text, ("centre",)) is None
