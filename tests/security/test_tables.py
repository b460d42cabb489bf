"""What is taken out as a table does nothing where a spreadsheet opens it."""

import csv
import io

import msgspec
import pytest

from api.exports.formulas import harmless
from api.reports.tables import to_csv
from api.services import Services
from tests.api.support import add_user

FORMULAS = ('=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1",
            "\uff1d1", "\uff0b1", "\uff0d1", "\uff201")  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_others_becomes_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_figures_stay_figures() -> None:
    assert [harmless(value) for value in (-1, -0.5, "a=b", "", None)] == [-1, -0.5, "a=b", "", None]


async def test_a_report_s_own_words_become_no_formula(services: Services) -> None:
    asks = await add_user(services, role="administrator", organisations=[1])
    report = await services.reports.of(asks, 1)
    odd = msgspec.structs.replace(report.period, time_zone=FORMULAS[0])
    table = to_csv(msgspec.structs.replace(report, period=odd))
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert f"'{FORMULAS[0]}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
