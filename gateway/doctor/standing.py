"""What holds for the hub beside its file: the centre's configuration, and a pause."""

from collections.abc import Iterator

from gateway.beside import what_holds
from gateway.doctor.finding import Finding, note, ok, skipped
from gateway.settings import Files, Settings


def check_standing(settings: Settings, files: Files, now: float) -> Iterator[Finding]:
    """Which configuration the hub runs with, and whether it records.

    Args:
        settings: The hub's own file.
        files: Where its journal is.
        now: The hub's clock, in epoch seconds.
    """
    holds = what_holds(settings, files)
    version = holds.effective.version
    if holds.why:
        yield skipped("configuration", f"the journal cannot tell of it: {holds.why}")
    elif holds.spells is None:
        yield skipped("configuration", "no journal yet, which keeps what the centre sets")
    elif version is None:
        yield ok("configuration", "the settings file alone; the centre has set nothing")
    else:
        parts = ", ".join(sorted(holds.effective.parts)) or "nothing"
        yield ok("configuration", f"version {version} of the centre, which sets {parts}")
    if off := holds.settings.hub.off:
        yield note(
            "switched off",
            f"not watched for in this home: {', '.join(off)}",
            "this is as somebody asked: in the file ([hub] off) or at the centre, by consents",
        )
    if pause := holds.pause(now):
        yield note(
            "recording",
            f"paused until {holds.clock(pause.until)}: nothing but calls for help is kept",
            "this is as somebody asked; the centre can end it with `resume`",
        )
