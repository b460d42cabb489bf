"""Takes the pictures of the console that the documentation shows.

    python -m tests.api.console.screenshots [--to FOLDER] [NAME ...]

Writes small PNG files into `docs/images/` (or FOLDER): all of :mod:`tests.api.console.pictures`, or
those that are named. They come out the same each time, for clock, data and lots are fixed.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.api.console.browser import chromium
from tests.api.console.compare import packed
from tests.api.console.pictures import PICTURES
from tests.api.console.studio import ALIKE, Studio
from tests.support.database import Postgres

IMAGES = Path(__file__).parent.parent.parent.parent / "docs" / "images"


async def take(folder: Path, names: Sequence[str] = ()) -> None:
    """Takes all pictures, or those of these names."""
    with tempfile.TemporaryDirectory() as data, Postgres(Path(data) / "postgres") as postgres:
        async with chromium(*ALIKE) as browser, Studio(postgres, browser) as studio:
            for picture in PICTURES:
                if names and picture.name not in names:
                    continue
                file = folder / f"{picture.name}.png"
                size = file.write_bytes(packed(await studio.take(picture)))
                sys.stdout.write(f"{file.name}: {size // 1024} KB\n")


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--to", type=Path, default=IMAGES, metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(asked.to, asked.names))


if __name__ == "__main__":
    main()
