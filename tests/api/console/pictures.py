"""Which pictures the documentation has, and what is done before each is taken."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from playwright.async_api import ViewportSize

from tests.api.console.browser import Desk
from tests.api.console.centre import Centre

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
WALL: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 390, "height": 844}

# As the winter's world counts them.
CHANGE, THIRST, STILL, FALL = 10, 13, 16, 17


async def _filter_open(_: Centre, dana: Desk) -> None:
    """What may be looked for."""
    await dana.page.click("#filter-open")


async def _as_it_is(_: Centre, seat: Desk) -> None:
    """Nothing done."""


async def _claimed(_: Centre, dana: Desk) -> None:
    """Dana has the alert."""
    await dana.page.click("#claim")
    await dana.page.wait_for_selector("#notice")


async def _too_late(centre: Centre, dana: Desk) -> None:
    """Dana presses the button just after Sam."""
    await dana.page.route(f"**/alerts/{STILL}", lambda route: route.fulfill(status=204))
    await centre.act("sam", "claim", STILL)
    await dana.page.unroute(f"**/alerts/{STILL}")
    await dana.page.click("#claim")
    await dana.page.wait_for_selector("#notice")


async def _link_lost(centre: Centre, dana: Desk) -> None:
    """The database is not heard any more."""
    centre.live.lost()
    await dana.page.wait_for_selector("html[data-link=lost]")


async def _code_shown(centre: Centre, dana: Desk) -> None:
    """Dana has the alert and looks at the code of the key safe."""
    await centre.act("dana", "claim", FALL)
    await dana.page.fill("#reason", "No answer at the door.")
    await dana.page.click("#look")
    await dana.page.wait_for_selector("#code")


async def _place_added(_: Centre, ivy: Desk) -> None:
    """Ivy adds a home; its sheet has the code for the hub."""
    await ivy.page.fill("#home", "flat-14")
    await ivy.page.fill("#label", "Flat 14, Mill Lane")
    await ivy.page.click("#add")
    await ivy.page.wait_for_selector("#code")


async def _begun(_: Centre, dana: Desk) -> None:
    """Dana sets up a second factor."""
    await dana.page.click("#begin")
    await dana.page.wait_for_selector("#secret")


async def _invited(_: Centre, ada: Desk) -> None:
    """Ada invites somebody."""
    await ada.page.click("#invitation-it summary")
    await ada.page.click("#invitation")
    await ada.page.wait_for_selector("#invitation-link")


async def _walking(_: Centre, ivy: Desk) -> None:
    """Ivy is in the midst of the walk test."""
    await ivy.page.evaluate("document.getElementById('walk-step').scrollIntoView()")


async def _demonstrated(centre: Centre, dana: Desk) -> None:
    """The centre is a demonstration, and Dana has taken the first steps of its tour."""
    await centre.change(demonstration="yes")
    await dana.go("/tour")


class Picture(NamedTuple):
    """One picture.

    Attributes:
        name: Of its file, without the ending.
        path: The page.
        who: Looks at it; nobody who has signed in where it is empty.
        act: What is done first. Where it changes anything, the picture has a world of its own.
        size: Of the window.
        whole: Whether the picture is as long as the page.
        scheme: Light or dark.
        alone: Whether it has a world of its own, for what it shows depends on who has looked.
        status: What the page is answered with.
    """

    name: str
    path: str
    who: str = "dana"
    act: Callable[[Centre, Desk], Awaitable[None]] = _as_it_is
    size: ViewportSize = LAPTOP
    whole: bool = False
    scheme: str = "light"
    alone: bool = False
    status: int = 200


PICTURES = (
    Picture("sign-in", "/sign-in", ""),
    Picture("invitation", "/invitation#an-invitation", ""),
    Picture("error", "/homes/elsewhere", status=404),
    # What an operator works with.
    Picture("queue", "/queue"),
    Picture("queue-dark", "/queue", scheme="dark"),
    Picture("queue-phone", "/queue", size=PHONE),
    Picture("queue-filtered", "/queue?lane=technical", act=_filter_open),
    Picture("queue-not-live", "/queue", act=_link_lost, alone=True),
    Picture("alert", f"/alerts/{CHANGE}", whole=True),
    Picture("alert-dark", f"/alerts/{FALL}", size=WALL, scheme="dark"),
    Picture("alert-phone", f"/alerts/{FALL}", size=PHONE),
    Picture("alert-claimed", f"/alerts/{CHANGE}", act=_claimed, alone=True),
    Picture("alert-conflict", f"/alerts/{STILL}", act=_too_late, alone=True),
    Picture("steps", f"/alerts/{THIRST}/steps", whole=True),
    Picture("key-safe", "/key-safe/home-2"),
    Picture("key-safe-code", "/key-safe/home-2", act=_code_shown, alone=True),
    Picture("homes", "/homes"),
    Picture("home", "/homes/home-1", whole=True),
    Picture("home-dark", "/homes/home-1", whole=True, scheme="dark"),
    Picture("follow-ups", "/follow-ups?home=home-4", whole=True),
    Picture("cohorts", "/cohorts", "sue"),
    Picture("cohort", "/cohorts/6", whole=True),
    Picture("reablements", "/reablement"),
    Picture("reablement", "/reablement/home-4", "sue", whole=True),
    Picture("absences", "/absences/home-5"),
    # What is known of a home and its people.
    Picture("people-wanting", "/people", "sue"),
    Picture("people", "/people/home-1", "sue", whole=True),
    Picture("response", "/response/home-1", "sue", whole=True),
    Picture("contact", "/contact/home-1?contact=6", "sue", whole=True),
    Picture("plan", "/plan/home-1?condition=uti_risk", "sue", whole=True),
    Picture("plans", "/plans", "sue", whole=True),
    Picture("plan-of-all", "/plans/1?priority=urgent", "sue", whole=True),
    Picture("record", "/record/home-1", "ada"),
    Picture("erase", "/erase/home-1", "ada"),
    # What a supervisor looks at.
    Picture("wallboard", "/wallboard", size=WALL),
    Picture("wallboard-dark", "/wallboard", size=WALL, scheme="dark"),
    Picture("shift", "/shift", "sue", whole=True),
    Picture("shift-dark", "/shift", "sue", whole=True, scheme="dark"),
    Picture("hand-over", "/hand-over", whole=True),
    Picture("duties", "/duties", "sue", whole=True),
    Picture("reports", "/reports", "sue", whole=True),
    Picture("cohort-new", "/cohorts/new?like=5", "sue", whole=True),
    Picture("key-safe-looks", "/key-safe-looks", "sue"),
    Picture("estate", "/estate", "sue", whole=True),
    Picture("hub", "/hub/home-1", "sue", whole=True),
    # What an installer does, on a telephone.
    Picture("places-add", "/places", "ivy", size=PHONE),
    Picture("place-code", "/places", "ivy", _place_added, PHONE, whole=True, alone=True),
    Picture("places", "/places/flat-12", "ivy", size=PHONE),
    Picture("fitting-phone", "/fitting/flat-12", "ivy", _walking, PHONE),
    Picture("fitting", "/fitting/flat-12", "ivy", size=PHONE, whole=True),
    Picture("certificate", "/fitting/flat-12/certificate", "ivy", whole=True),
    # Who works here.
    Picture("account", "/account", alone=True, whole=True),
    Picture("notifications", "/account/notifications"),
    Picture("second-factor", "/second-factor"),
    Picture("second-factor-begun", "/second-factor", act=_begun, alone=True),
    Picture("staff", "/staff", "ada", whole=True),
    Picture("staff-one", "/staff/2", "ada", whole=True),
    Picture("staff-stop", "/staff/2/disable", "ada"),
    Picture("staff-link", "/staff/2", "ada", _invited, alone=True),
    Picture("audit", "/audit", "ada", alone=True),
    # How a centre is set up.
    Picture("organisations", "/organisations", "ada"),
    Picture("organisation", "/organisations/1", "ada", whole=True),
    Picture("channels", "/channels", "ada"),
    Picture("channel-new", "/channels/new", "ada", whole=True),
    Picture("channel", "/channels/1", "ada", whole=True),
    Picture("budgets", "/budgets", "sue", whole=True),
    Picture("budget", "/budgets/home-1", "sue", whole=True),
    # For newcomers.
    Picture("tour", "/tour", act=_demonstrated, whole=True, alone=True),
    Picture("styleguide", "/styleguide", whole=True),
)
