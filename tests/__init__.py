"""The tests mirror the folders; `journeys` goes through all of them."""

import pytest

# So that a failed assertion in a helper shows what it compared.
pytest.register_assert_rewrite("tests.support", "tests.journeys.house")
