"""`telecare-api link-user`: has somebody come in by the OpenID provider, and by that alone."""

import argparse

from api.commands.common import Stop
from api.commands.with_services import with_services
from api.services import Services
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("username")
    parser.add_argument("--subject", required=True, help="the provider's name for them (sub)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Links them; the settings must name a provider."""
    name = args.username

    async def link(services: Services) -> None:
        if services.federation is None:
            raise Stop("the settings name no provider: oidc_issuer")
        await services.federation.link(name, args.subject)

    with_services(settings, link)
    print(f"{name} signs in by the provider, and no more by a password")
    return 0
