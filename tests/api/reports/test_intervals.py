"""An interval that is too narrow makes chance look like a finding."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.intervals import poisson, wilson

stats = pytest.importorskip("scipy.stats", reason="an extra of development")


@given(st.integers(0, 3000), st.floats(0.01, 1e5))
def test_rates_have_the_exact_interval_that_others_reckon_by_chi_square(
    count: int, exposure: float
) -> None:
    found = poisson(count, exposure)
    assert found is not None
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert isclose(found.low * exposure, low, rel_tol=1e-8, abs_tol=1e-9)
    assert isclose(found.high * exposure, high, rel_tol=1e-8)
    assert found.low <= found.value <= found.high


@given(st.integers(1, 5000), st.data())
def test_shares_have_the_score_interval_that_others_reckon(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    found = wilson(hits, of)
    assert found is not None
    theirs = stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    assert isclose(found.low, theirs.low, abs_tol=1e-9)
    assert isclose(found.high, theirs.high, abs_tol=1e-9)
    assert found.low <= found.value <= found.high


def test_nothing_counted_is_no_figure() -> None:
    assert wilson(0, 0) is None
    assert poisson(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="-1 events"):
        poisson(-1, 1)
