"""What the centre's answers mean for the hub, also when they are odd."""

from pathlib import Path

import httpx
import pytest

from gateway.errors import HubError
from gateway.uplink import centre as module
from gateway.uplink.answers import Away, Refused, TooLarge
from gateway.uplink.centre import Centre

DATE = "Sun, 01 Mar 2026 00:00:00 GMT"
ODD_DATE = "Sat, 01 Jan 99999999999 00:00:00 GMT"


def answer(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, content=body, headers=headers)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Sun, 01 Mar 2026 00:02:00 GMT", "Date": DATE}, 120),
        ({"Retry-After": "Sat, 28 Feb 2026 00:00:00 GMT", "Date": DATE}, 0),
        ({"Retry-After": "Sun, 01 Mar 2026 00:02:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "3600"}, 3600),
        ({"Retry-After": ODD_DATE, "Date": DATE}, 0),
        ({"Retry-After": DATE, "Date": ODD_DATE}, 0),
    ],
)
def test_the_centre_may_say_how_long_to_wait_in_either_form(
    headers: dict[str, str], seconds: float
) -> None:
    meaning = module._meaning(answer(503, headers=headers))
    assert meaning == Away("the centre answers 503", seconds)


def test_a_centre_that_speaks_of_certificates_is_none_that_cannot_be_trusted() -> None:
    meaning = module._meaning(answer(503, b'{"title":"The certificate store is away."}'))
    assert isinstance(meaning, Away)
    assert not meaning.untrusted


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again_soon(status: int) -> None:
    assert isinstance(module._meaning(answer(status)), Away)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 415, 422])
def test_what_does_not_pass_is_tried_again_late(status: int) -> None:
    assert module._meaning(answer(status)) == Refused(f"the centre answers {status}", status)


@pytest.mark.parametrize(
    ("status", "body", "forget"),
    [
        (410, b'{"title":"Gone","forget":true}', True),
        (410, b'{"title":"Gone"}', False),
        (410, b'{"forget":"true"}', False),
        (410, b"<html>Gone</html>", False),
        (404, b'{"forget":true}', False),
    ],
)
def test_only_the_centre_says_to_forget_and_no_proxy(
    status: int, body: bytes, forget: bool
) -> None:
    meaning = module._meaning(answer(status, body))
    assert isinstance(meaning, Refused)
    assert meaning.forget is forget


def test_too_much_at_once_is_known_as_such() -> None:
    assert isinstance(module._meaning(answer(413)), TooLarge)


def test_what_the_centre_says_is_passed_on_in_one_line() -> None:
    body = b'{"title":"Not a batch.","detail":"records[3]:\\n no seq","status":422}'
    assert module.problem(answer(422, body)) == (
        "the centre answers 422: Not a batch. records[3]: no seq"
    )
    assert len(module.problem(answer(500, b'{"title":"' + b"x" * 5000 + b'"}'))) < 400
    assert module.problem(answer(500, b"<html>\xff")) == "the centre answers 500"


def test_a_centre_with_an_authority_of_its_own_needs_its_certificate(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")
    for ca in (path, tmp_path / "none.pem"):
        with pytest.raises(HubError, match="holds no certificates to trust"):
            Centre("https://centre.example", ca)


@pytest.mark.parametrize(
    "date",
    [ODD_DATE, "Sat, 01 Jan 2026 00:00:00 -99999999999999999999"],
)
def test_an_odd_date_of_the_centre_does_not_end_the_hub_that_hears_the_home(date: str) -> None:
    assert module._date(answer(503, headers={"Date": date})) is None


def test_an_error_of_very_many_brackets_does_not_end_the_hub_either() -> None:
    deep = b'{"x":' + b"[" * 200_000
    assert module._meaning(answer(400, deep)) == Refused("the centre answers 400", 400)
    assert isinstance(module._meaning(answer(200, deep)), Away)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "999999"},
        {"Retry-After": "1000000"},
        {"Retry-After": "9" * 5000},
        {"Retry-After": "Sun, 01 Mar 2099 00:02:00 GMT", "Date": DATE},
    ],
)
def test_a_slip_of_a_proxy_does_not_keep_a_person_unheard_for_longer_than_an_hour(
    headers: dict[str, str],
) -> None:
    meaning = module._meaning(answer(503, headers=headers))
    assert meaning == Away("the centre answers 503", 3600)
    assert isinstance(meaning, Away)
    assert meaning.sentence == "the centre answers 503 (no new try before 3600 s)"
