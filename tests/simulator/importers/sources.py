"""Small sources in the formats of the public ones, for machines that do not have those."""

import gzip
from datetime import datetime, timedelta
from pathlib import Path

KETTLE_COLUMNS = "Time,Aggregate,Kettle,Dishwasher,WashingMachine,Microwave"


def write_tihm(folder: Path, rows: list[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "activity.csv.gz", "wb") as out:
        out.write("\n".join(["patient_id,location_name,date", *rows, ""]).encode())
    return folder


def write_power(
    folder: Path,
    name: str,
    start: str,
    kettle_w: list[float],
    microwave_w: list[float] | None = None,
) -> Path:
    """One file of 30 s means."""
    folder.mkdir(parents=True, exist_ok=True)
    first = datetime.fromisoformat(start)
    rows = [KETTLE_COLUMNS]
    for index, watts in enumerate(kettle_w):
        at = first + timedelta(seconds=30 * index)
        rows.append(f"{at},{watts + 90},{watts},0.0,0.0,{microwave_w[index] if microwave_w else 0}")
    with gzip.open(folder / f"{name}.csv.gz", "wb") as out:
        out.write("\n".join([*rows, ""]).encode())
    return folder


def write_ordonez(folder: Path, rows: list[str], home: str = "A") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    heading = ["Start time          \tEnd time\tLocation\tType\t\tPlace", "----\t----\t--\t--\t--"]
    text = "\r\n".join([*heading, *rows, ""])
    (folder / f"Ordonez{home}_Sensors.txt").write_text(text, newline="")
    return folder
