"""The faults as a table in Markdown."""

from simulator.faults.registry import FAULTS, FaultSpec, Parameter

_HEADING = ["| fault | does | parameters | a hub should see |", "|---|---|---|---|"]


def table() -> str:
    """A row for each fault; `device`, which nearly all have, is left out."""
    return "\n".join(_HEADING + [_row(spec) for spec in FAULTS.values()])


def _row(spec: FaultSpec) -> str:
    does = (spec.kind.__doc__ or "").splitlines()[0]
    chosen = [
        _choice(name, one)
        for name, one in spec.parameters.items()
        if name != "device" or "beside" in spec.parameters
    ]
    mark = " (harmless)" if spec.harmless else ""
    return f"| `{spec.name}`{mark} | {does} | {'<br>'.join(chosen)} | {spec.expected} |"


def _choice(name: str, one: Parameter) -> str:
    if one.default is None:
        return f"`{name}`: {one.meaning}"
    default = f"{one.default:.10g}" if isinstance(one.default, float) else str(one.default).lower()
    return f"`{name}` = {default}: {one.meaning}"
