"""An evaluation as `results.json`; docs/evaluation-results.md says what stands in it."""

from typing import Any

import msgspec

from simulator.evaluation.decoys.summary import Decoys
from simulator.evaluation.plan import Found

FORM = 2
"""Rises when the meaning of the file changes."""


def as_json(found: Found, about: dict[str, Any]) -> Any:
    """All figures, and the parameters they were found with, by the home they were used on."""
    return {
        "form": FORM,
        "about": about,
        "results": msgspec.to_builtins(dict(found.results)),
        "decoys": _decoys(found.decoys),
        "agitation": msgspec.to_builtins(found.agitation),
        "parameters": {home: one.caution for home, one in sorted(found.parameters.items())},
    }


def _decoys(found: Decoys | None) -> Any:
    if found is None:
        return None
    return {
        "decoys": [one._asdict() for one in found.decoys],
        "gaps": [gap._asdict() for gap in found.gaps],
    }
