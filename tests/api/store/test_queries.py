"""A query that is misnamed must fail when the service starts, not on the night it is needed."""

from dataclasses import dataclass

import pytest

from api.store.queries import load, parse


def test_queries_are_split_at_their_names_and_comments_stay_with_them() -> None:
    text = "-- about all\n\n-- name: one\nselect 1\n\n-- name: two\n-- why\nselect 2\n"
    assert parse(text) == {"one": "select 1", "two": "-- why\nselect 2"}


def test_a_name_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="twice"):
        parse("-- name: one\nselect 1\n-- name: one\nselect 2\n")


def test_file_and_dataclass_must_name_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Sql:
        one: str
        missing: str

    monkeypatch.setattr("api.store.queries.parse", lambda _: {"one": "", "extra": ""})
    Sql.__module__ = "api.alerts.service"
    with pytest.raises(ValueError, match="differ in: extra, missing"):
        load(Sql)
