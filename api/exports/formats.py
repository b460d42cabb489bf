"""Writes pages of rows as CSV or Parquet, as they come: never more than a page is held."""

import asyncio
import csv
import importlib.util
import io
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from api.exports.datasets import Column
from api.exports.formulas import harmless
from api.exports.rows import Row
from api.refusals import Invalid

CSV_PAGE, PARQUET_PAGE = 5_000, 20_000
"""Rows at a time; of Parquet a page is a row group."""
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
PAGES = {"csv": CSV_PAGE, "parquet": PARQUET_PAGE}

Pages = AsyncIterator[list[Row]]


async def to_csv(columns: Sequence[Column], pages: Pages) -> AsyncIterator[bytes]:
    """RFC 4180 in UTF-8, with a heading; times in ISO 8601, UTC; what is not known is empty."""
    yield _lines([[one.name for one in columns]])
    async for page in pages:
        # In a thread: thousands of rows would keep everybody else waiting for a tenth of a second.
        yield await asyncio.to_thread(_page, columns, page)


def _page(columns: Sequence[Column], page: Sequence[Row]) -> bytes:
    return _lines([[_cell(one.value(row)) for one in columns] for row in page])


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else harmless(value)


async def to_parquet(columns: Sequence[Column], pages: Pages) -> AsyncIterator[bytes]:
    """Apache Parquet, packed with zstd, a row group for each page.

    Raises:
        Invalid: The extra `exports` is not installed.
    """
    demand_parquet()
    import pyarrow as pa  # noqa: PLC0415 - an extra: whoever exports CSV alone need not have it
    from pyarrow import parquet  # noqa: PLC0415 - the same

    types = {
        "text": pa.string(), "integer": pa.int64(), "number": pa.float64(),
        "time": pa.timestamp("us", tz="UTC"), "day": pa.date32(),
    }  # fmt: skip
    fields = [
        pa.field(one.name, types[one.type], metadata={"description": one.says}) for one in columns
    ]
    schema, sink = pa.schema(fields), _Sink()

    def group(page: Sequence[Row]) -> None:
        arrays = [
            pa.array([one.value(row) for row in page], type=types[one.type]) for one in columns
        ]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        async for page in pages:
            await asyncio.to_thread(group, page)
            yield sink.take()
    yield sink.take()


def demand_parquet() -> None:
    """Goes on only where Parquet can be written.

    Raises:
        Invalid: It cannot; says what to do.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise Invalid(
            "Parquet needs the extra `exports` (pip install telecare[exports]). CSV needs nothing."
        )


FORMATS: dict[str, Callable[[Sequence[Column], Pages], AsyncIterator[bytes]]] = {
    "csv": to_csv,
    "parquet": to_parquet,
}


class _Sink(io.RawIOBase):
    """Takes what a writer writes, until somebody takes it on."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._held)
        self._held.clear()
        return taken
