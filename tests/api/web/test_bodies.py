"""A body, however made, takes no more memory than allowed: else one client ends the service."""

import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.refusals import Invalid, TooLarge
from api.web.bodies import gunzip


@given(st.binary(max_size=2000), st.integers(0, 2000))
def test_what_fits_comes_out_as_it_was_and_what_does_not_is_refused(
    body: bytes, limit: int
) -> None:
    packed = gzip.compress(body)
    if len(body) <= limit:
        assert gunzip(packed, limit) == body
    else:
        with pytest.raises(TooLarge):
            gunzip(packed, limit)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_are_a_fault(body: bytes) -> None:
    with suppress(Invalid, TooLarge):
        assert len(gunzip(body, 1000)) <= 1000


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_body_cut_short_is_never_taken_for_whole(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body)
    end = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(Invalid):
        gunzip(packed[:end], 1000)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    assert len(bomb) < 1 << 19
    tracemalloc.start()
    with pytest.raises(TooLarge):
        gunzip(bomb, 1 << 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20
