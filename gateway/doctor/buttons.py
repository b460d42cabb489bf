"""Checks that what was fitted as a help button is listened to as one: else it calls nobody."""

from collections.abc import Iterable, Iterator

from gateway.beside import Beside
from gateway.doctor.finding import Finding, wrong
from gateway.doctor.strangers import Stranger
from gateway.downlink.help_buttons import no_longer_heard
from gateway.normaliser.faults import Fault
from gateway.settings import Settings


def check_buttons(
    settings: Settings, holds: Beside, strangers: list[Stranger], unread: Iterable[Fault]
) -> Iterator[Finding]:
    """Help buttons that the settings of now pass over, and those that were not understood.

    Args:
        settings: The hub's own file.
        holds: What the hub runs with.
        strangers: Who spoke and is not in it.
        unread: Those of which something could not be used.
    """
    removed = holds.effective.removed
    lost = no_longer_heard(settings.sensors, holds.settings.sensors, removed)
    if lost:  # the configuration was taken before the hub refused such, or the file is newer
        yield wrong(
            "help buttons",
            f"configuration {holds.effective.version} of the centre does not list as buttons what "
            f"the settings file does: {', '.join(lost.values())}; a call by one is lost",
            "have the centre list each; what is not in the home any more, take out of the file, or "
            "have the centre name its device in removed_buttons",
        )
    heard = [one.device for one in strangers if one.was_button and one.device not in lost]
    if left := [one for one in heard if one not in removed]:
        yield wrong(
            "help buttons",
            f"heard, and not in the settings any more: {', '.join(left)}; a call by one is lost",
            "list each again; of one that was taken away: telecare-gateway quarantine clear --like "
            f"{left[0]}",
        )
    nodes = {one.name: one.heard_as.split("/")[0] for one in holds.settings.sensors}
    for one in unread:
        yield wrong(
            "help buttons",
            one.text.removesuffix("."),
            f"telecare-gateway quarantine --like {nodes[one.sensor]} shows it; press the button, "
            "and see that the call comes through",
        )
