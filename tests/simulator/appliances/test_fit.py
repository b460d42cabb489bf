"""The fit must find what it was shown, and the numbers in use must be those that it finds."""

import gzip
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from simulator.appliances.fit.cli import main
from simulator.appliances.fit.judge import compare, distance, made_up, means_of
from simulator.appliances.fit.kettle import fit_kettle
from simulator.appliances.fit.microwave import fit_microwave
from simulator.appliances.fit.readings import CUTS, uses_in
from simulator.appliances.kettle import Kettle
from simulator.appliances.microwave import Microwave
from simulator.appliances.registry import recorded
from simulator.appliances.sample import Sample
from simulator.living.chance import Chance

FITTED = Path(__file__).parents[3] / "simulator" / "appliances" / "fitted.toml"
HEADING = "Time,Aggregate,Kettle,Dishwasher,WashingMachine,Microwave"


def kettle() -> Kettle:
    model = recorded("kettle")["refit-2"]
    assert isinstance(model, Kettle)
    return model


def microwave() -> Microwave:
    model = recorded("microwave")["refit-2"]
    assert isinstance(model, Microwave)
    return model


def test_the_fit_finds_the_kettle_that_made_the_uses() -> None:
    found = fit_kettle(made_up(kettle(), "kettle", 2000, 6.0, Chance.of(1)))
    assert found.rated_w == pytest.approx(kettle().rated_w, rel=0.005)
    assert found.between_sd == pytest.approx(kettle().between_sd, rel=0.15)
    assert found.within_sd == pytest.approx(kettle().within_sd, rel=0.3)
    assert found.reboil_share == pytest.approx(kettle().reboil_share, abs=0.08)
    assert sum(found.cups[:4]) == pytest.approx(sum(kettle().cups[:4]), abs=0.05)


def test_the_fit_finds_the_oven_that_made_the_uses() -> None:
    found = fit_microwave(made_up(microwave(), "microwave", 2000, 6.0, Chance.of(1)))
    assert found.full_w == pytest.approx(microwave().full_w, rel=0.02)
    assert found.pulsed_share == pytest.approx(microwave().pulsed_share, abs=0.1)
    assert np.median(found.duty) == pytest.approx(np.median(microwave().duty), abs=0.12)


def test_a_model_is_near_its_own_uses_and_far_from_anothers() -> None:
    uses = made_up(kettle(), "kettle", 600, 7.0, Chance.of(1))
    same = compare(uses, uses, made_up(kettle(), "kettle", 600, 7.0, Chance.of(2)))
    other = recorded("kettle")["ukdale-2"]
    apart = compare(uses, uses, made_up(other, "kettle", 600, 7.0, Chance.of(2)))
    assert max(match.distance for match in same) < 0.12
    assert {match.measure: match.distance for match in apart}["peak, W"] > 0.7
    assert all(match.usual == 0 for match in same)


def test_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    assert distance(np.array([1.0, 2, 3, 4]), np.array([3.0, 4, 5, 6])) == 0.5
    assert distance(np.array([1.0, 2]), np.array([1.0, 2])) == 0
    assert distance(np.array([1.0]), np.array([2.0])) == 1


def test_means_of_half_a_minute_hold_the_energy() -> None:
    samples = [Sample(0, 2000, 0), Sample(60, 1000, 33.3), Sample(120, 0, 50)]
    means = means_of(samples, 0.5, 1.0)
    assert means.tolist()[:7] == [0, 1000, 2000, 1500, 1000, 500, 0]


@pytest.mark.parametrize(
    ("watts", "uses"),
    [
        ([0, 900, 2700, 300, 0, 0], [[900, 2700, 300]]),
        ([2700, 0, 2700], [[2700], [2700]]),
        ([0, 400, 0], []),
        ([], []),
    ],
    ids=["whole", "two", "too weak", "nothing"],
)
def test_a_boil_is_cut_where_the_power_ends(watts: list[float], uses: list[list[float]]) -> None:
    cut = uses_in(np.array(watts, dtype=float), CUTS["kettle"])
    assert [use.tolist() for use in cut] == uses


def test_a_pulsing_oven_is_one_use() -> None:
    (use,) = uses_in(np.array([0, 500, 30, 30, 600.0, 0, 0, 0]), CUTS["microwave"])
    assert use.tolist() == [500, 30, 30, 600]


def _month(path: Path, columns: tuple[list[float], list[float]]) -> None:
    rows = [
        f"2014-01-01 {n // 120 % 24:02}:{n // 2 % 60:02}:{n % 2 * 30:02},0,{k},0,0,{m}"
        for n, (k, m) in enumerate(zip(*columns, strict=True))
    ]
    path.write_bytes(gzip.compress("\n".join([HEADING, *rows, "broken"]).encode()))


def _padded(uses: list[list[float]], length: int) -> list[float]:
    flat = list(chain.from_iterable([*use, 0.0, 0.0, 0.0, 0.0] for use in uses))
    return flat + [0.0] * (length - len(flat))


def test_the_command_fits_small_files_and_says_how_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for home in ("REFIT_House2", "UKDALE_House2"):
        for month in ("01", "02"):
            boils = made_up(kettle(), "kettle", 80, 6.0, Chance.of(int(month)))
            warmed = made_up(microwave(), "microwave", 80, 6.0, Chance.of(int(month)))
            columns = ([u.tolist() for u in boils], [u.tolist() for u in warmed])
            longest = max(sum(len(use) + 4 for use in side) for side in columns)
            padded = (_padded(columns[0], longest), _padded(columns[1], longest))
            _month(tmp_path / f"{home}_2014-{month}.csv.gz", padded)
    toast = "2011-11-28 09:00:00\t2011-11-28 09:03:10\tToaster\tElectric\tKitchen"
    (tmp_path / "OrdonezA_Sensors.txt").write_text(f"Start\n-----\n{toast}\n")
    assert main([str(tmp_path), "--ordonez", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "kettle of refit-2: 80 uses fitted, 80 held out" in said
    assert "[toaster.ordonez-a]" in said
    assert "peak, W" in said


def test_a_folder_without_recordings_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--ordonez", str(tmp_path)]) == 2
    assert "REFIT" in capsys.readouterr().err


def test_the_numbers_in_use_are_those_of_the_recordings(recordings: Path, tmp_path: Path) -> None:
    out = tmp_path / "fitted.toml"
    folders = [str(recordings / "kettle"), "--ordonez", str(recordings / "ordonez")]
    assert main([*folders, "--out", str(out)]) == 0
    assert out.read_text("utf-8") == FITTED.read_text("utf-8")
