"""The numbers are written where they belong, and not a comment is lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living import population
from simulator.living.population import Trait
from simulator.realism.fit.source import rewrite, rewritten
from simulator.realism.fit.traits import Key, present

SOURCE = '''"""Words about "pace": Trait(9, 9)."""

PEOPLE: dict[str, Trait] = {
    # walking, é
    "pace": Trait(0.707, 0.22, low=0.25),  # metres a second
    "turning_s": Trait(13380, 0.79), "persistence": Trait(-.5, 1),
}
HOMES: dict[str, Trait] = {
    "pace": Trait(
        1,
        2,
    ),
}
'''


def test_only_numbers_that_changed_are_written() -> None:
    new = rewritten(
        SOURCE,
        {
            Key("PEOPLE", "pace"): Trait(0.757, 0.22),
            Key("PEOPLE", "turning_s"): Trait(14600, 0.0123),
            Key("PEOPLE", "persistence"): Trait(-0.5, 1),
            Key("HOMES", "pace"): Trait(1.5, 2),
        },
    )
    assert new == (
        SOURCE.replace("0.707", "0.757")
        .replace("13380, 0.79", "14600, 0.0123")
        .replace("        1,\n", "        1.5,\n")
    )


def test_the_population_rewritten_with_its_own_numbers_is_the_same_file() -> None:
    source = Path(str(population.__file__)).read_text("utf-8")
    assert rewritten(source, present()) == source


@given(middle=st.floats(1e-6, 1e6), sigma=st.floats(1e-3, 10))
def test_what_is_written_is_what_is_read(middle: float, sigma: float) -> None:
    middle, sigma = float(f"{middle:.3g}"), float(f"{sigma:.3g}")
    new = rewritten(SOURCE, {Key("PEOPLE", "pace"): Trait(middle, sigma)})
    tables: dict[str, dict[str, Trait]] = {"Trait": Trait}  # type: ignore[dict-item]  # the class is a name for `exec`
    exec(new, tables)  # noqa: S102 - our own words
    assert tables["PEOPLE"]["pace"] == Trait(middle, sigma, low=0.25)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (SOURCE, r"no HOMES\['lag_s'\]"),
        ("PEOPLE = {", "it is no Python"),
        ("", r"no HOMES\['lag_s'\]"),
    ],
)
def test_a_file_that_holds_no_such_trait_stays_as_it_is(
    tmp_path: Path, source: str, told: str
) -> None:
    path = tmp_path / "population.py"
    path.write_text(source, "utf-8")
    with pytest.raises(ValueError, match=told):
        rewrite(path, {Key("HOMES", "lag_s"): Trait(1, 1)})
    assert path.read_text("utf-8") == source


def test_a_rewritten_file_keeps_its_mode_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "population.py"
    path.write_text(SOURCE, "utf-8")
    path.chmod(0o640)
    rewrite(path, {Key("PEOPLE", "pace"): Trait(0.8, 0.22)})
    assert path.read_text("utf-8") == SOURCE.replace("0.707", "0.8")
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]
