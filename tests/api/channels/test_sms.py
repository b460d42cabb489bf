"""A text message must reach the gateway as it wants to be asked, whatever the text holds."""

import base64
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.channels.conformance import Behaviour, check_channel, message
from api.channels.protocol import BadSettings, TryLater
from api.channels.sms import CHANNEL
from api.channels.sms.template import as_form, as_json, fill, fill_url
from tests.api.channels.receiver import Receiver, answer, ok, receiver

NUMBER = "+447700900123"


@pytest.fixture
async def gateway() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


def given_settings(gateway: str, /, **more: Any) -> dict[str, Any]:
    fields = {"To": "{to}", "Body": "{text}", "Reference": "{key}"}
    return {
        "url": gateway, "to": NUMBER, "fields": fields, "secret": "hunter2",
        "headers": {"Authorization": "Bearer {secret}"}, "allow_private": True, **more,
    }  # fmt: skip


class SmsPeer:
    def __init__(self, gateway: Receiver) -> None:
        self.gateway = gateway

    async def behave(self, how: Behaviour) -> dict[str, Any]:
        replies = {
            Behaviour.ACCEPT: lambda _: answer(200, '{"status": "queued"}'),
            Behaviour.BUSY: lambda _: answer(429),
            Behaviour.REFUSE: lambda _: answer(400, f"{NUMBER} is no mobile of Mrs Onoma"),
            Behaviour.NONSENSE: lambda _: answer(200, "<html>Sign in to the hotel</html>"),
            Behaviour.HANG_UP: lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nqueu",
            Behaviour.SILENT: lambda _: None,
        }
        self.gateway.reply = replies[how]
        return given_settings(self.gateway.url, accepted="queued", full=True)

    def keys(self) -> Sequence[str]:
        return [parse_qs(got.body.decode())["Reference"][0] for got in self.gateway.got]


@pytest.mark.network
async def test_it_holds_to_what_every_channel_must(gateway: Receiver) -> None:
    await check_channel(CHANNEL, SmsPeer(gateway))


@pytest.mark.network
async def test_a_form_a_json_object_and_an_address_each_carry_the_text(gateway: Receiver) -> None:
    nested = {"messages": [{"to": ["{to}"], "text": "{text}"}], "kind": 1}
    for more in (
        {"username": "ann", "headers": {"authorization": "Basic {basic}"}},
        {"format": "json", "fields": nested},
        {"format": "query", "fields": {}, "url": gateway.url + "?to={to}&text={text}"},
    ):
        settings = CHANNEL.read(given_settings(gateway.url, **more))
        await CHANNEL.deliver(message(lane="urgent", alert=17), settings)
    form, obj, query = gateway.got
    text = "Urgent alert 17 raised."
    assert parse_qs(form.body.decode())["Body"] == [text]
    assert form.headers["authorization"] == "Basic " + base64.b64encode(b"ann:hunter2").decode()
    assert json.loads(obj.body) == {"messages": [{"to": [NUMBER], "text": text}], "kind": 1}
    asked = parse_qs(urlsplit(query.line.split(" ")[1]).query)
    assert asked == {"to": [NUMBER], "text": [text]}


@pytest.mark.network
async def test_what_was_observed_is_told_only_where_that_was_asked_for(gateway: Receiver) -> None:
    gateway.reply = ok
    link = "https://centre.example"
    for full in (False, True):
        settings = CHANNEL.read(given_settings(gateway.url, full=full, link=link))
        await CHANNEL.deliver(message(alert=17), settings)
    short, long = (parse_qs(got.body.decode())["Body"][0] for got in gateway.got)
    assert short == f"Urgent alert 17 raised.\n{link}/alerts/17"
    assert "Flat Secret: Mrs Onoma" in long
    assert "\0" not in long


@pytest.mark.network
async def test_a_success_without_the_gateway_s_own_word_for_it_is_none(gateway: Receiver) -> None:
    settings = CHANNEL.read(given_settings(gateway.url, accepted="queued"))
    with pytest.raises(TryLater, match="not with the words"):
        await CHANNEL.deliver(message(), settings)


@pytest.mark.parametrize(
    "wrong",
    [{"to": "07700 900123"}, {"fields": {"Body": "{txt}"}}, {"fields": {"Body": "Help"}},
     {"url": "ftp://x"}, {"format": "xml"}, {"longest": 3}, {"headers": {"a": "{nobody}"}}],
)  # fmt: skip
def test_what_will_not_do_is_found_when_it_is_set(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadSettings):
        CHANNEL.read(given_settings("https://sms.example/", **wrong))


@given(st.text())
def test_no_text_can_break_out_of_its_field(text: str) -> None:
    values = {"text": text.encode("utf-8", "replace").decode(), "to": NUMBER}
    filled = fill({"a": "{to}", "b": ["<{text}>"]}, values)
    assert json.loads(as_json(filled)) == {"a": NUMBER, "b": [f"<{values['text']}>"]}
    assert parse_qs(as_form({"b": filled["b"]}).decode()) == {"b": [f"<{values['text']}>"]}
    query = urlsplit(fill_url("https://x.example/?b=-{text}&a=1", values)).query
    assert parse_qs(query) == {"a": ["1"], "b": ["-" + values["text"]]}
