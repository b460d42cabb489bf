"""A channel that listens."""

import pytest

from tests.api.outbox.support import Ear


@pytest.fixture
def ear() -> Ear:
    return Ear()
