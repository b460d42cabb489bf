"""A thousand hubs that lost their centre at once do not all come back at once."""

from gateway.backoff import Backoff


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(first=1, most=10, chance=lambda: 1.0)
    assert [backoff.next() for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def test_chance_spreads_each_wait_over_its_upper_half() -> None:
    assert Backoff(first=8, most=8, chance=lambda: 0.0).next() == 4
    assert Backoff(first=8, most=8, chance=lambda: 0.5).next() == 6


def test_after_success_it_starts_anew() -> None:
    backoff = Backoff(first=1, most=10, chance=lambda: 1.0)
    backoff.next()
    backoff.next()
    backoff.reset()
    assert backoff.next() == 1


def test_years_of_trying_do_not_overflow() -> None:
    backoff = Backoff(first=1, most=60, chance=lambda: 1.0)
    assert max(backoff.next() for _ in range(10_000)) == 60
