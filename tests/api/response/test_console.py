"""Responding in the console, as a browser posts it: forms alone, nothing typed is lost."""

import httpx
import pytest

from api.console.pages import Blank
from api.console.views.typed import contact_of, exception_line, form_of, form_of_steps, steps_of
from api.identity.people import Member
from api.refusals import Invalid
from api.response.key_safe import PutKeySafe
from api.response.plan import BUILT_IN, PlanStep, StepKind, Whom
from api.response.plans import PutPlan
from api.response.progress import Proposal
from api.response.service import Response
from api.response.views import Contact
from api.services import Services
from tests.api.console.test_steps import sign_in, submit
from tests.api.response.test_attempts import claimed, lead_to, person
from tests.api.support import SettableClock, add_device, agree

pytestmark = pytest.mark.network

CONTACT = {
    "name": "Son", "relation": "son", "numbers": "+44 7700 900124\n01632 960001", "keyholder": "1",
    "position": "5", "hours": "Mon-Wed, Sat 18:00-22:30", "exceptions": "2026-12-24 to 2026-12-31",
    "note": "Works nights.", "person": "",
}  # fmt: skip


async def test_from_the_contact_to_the_answer(
    services: Services, client: httpx.AsyncClient, boss: Member, ann: Member
) -> None:
    alert, _, home = await claimed(services, ann)
    await sign_in(client, boss.username)
    new = f"/contact/{home}"
    refused = await submit(client, new, new, **{**CONTACT, "hours": "whenever"})
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Hours are written as Mon-Fri 18:00-22:30, not as whenever." in refused.text
    assert "Works nights." in refused.text
    kept = await submit(client, new, new, **CONTACT)
    assert "Mon, Tue, Wed, Sat 18:00-22:30" in kept.text
    plan = f"/plan/{home}"
    form = await client.get(f"{plan}?condition=uti_risk")
    assert "How are you today?" in form.text  # it begins with what holds so far
    steps = {
        "kind_1": "call", "whom_1": "contacts", "wait_1": "10", "say_1": "Ask how she is.",
        "kind_2": "", "kind_3": "book_visit", "whom_3": "nobody", "name_3": "District nurse",
        "kind_4": "",
    }  # fmt: skip
    kept = await submit(client, f"{plan}?condition=uti_risk", plan, **steps)
    assert "Book a visit: District nurse" in kept.text
    await sign_in(client, "ann")
    page = (await client.get(f"/alerts/{alert}")).text
    assert "This home&#39;s plan, version 1" in page
    assert 'href="tel:+447700900124"' in page
    assert "Ask how she is." in page
    attempts = f"/alerts/{alert}/attempts"
    blank = await submit(client, f"/alerts/{alert}", attempts, step="1", note="Rang her son.")
    assert "Choose what came of it." in blank.text
    assert ">Rang her son.</textarea>" in blank.text
    done = await submit(
        client, f"/alerts/{alert}", attempts, step="1", result="answered", note="He looks in."
    )
    assert "That is written down" in done.text
    assert "Ann B: Call somebody. Answered" in done.text
    assert "He looks in." in done.text
    assert "Somebody answered." in done.text


async def test_the_queue_says_where_a_message_failed_or_a_step_is_due(  # noqa: PLR0917 - fixtures
    services: Services,
    client: httpx.AsyncClient,
    response: Response,
    boss: Member,
    ann: Member,
    clock: SettableClock,
) -> None:
    await lead_to(services, "https://gateway.example/send")
    alert, _, home = await claimed(services, ann)
    await person(response, boss, home)
    await sign_in(client, "ann")
    page = (await client.get(f"/alerts/{alert}")).text
    assert "Send the message now" in page
    done = await submit(client, f"/alerts/{alert}", f"/alerts/{alert}/attempts", send="1", step="1")
    assert "On its way" in done.text
    assert "The next step is due" not in (await client.get("/queue")).text
    clock.move(hours=1.1)
    await sign_in(client, "ann")
    assert "The next step is due" in (await client.get("/queue")).text


async def test_a_key_safe_is_removed_as_the_page_showed_it_and_not_otherwise(
    services: Services, client: httpx.AsyncClient, response: Response, boss: Member
) -> None:
    home = (await add_device(services)).home
    await response.key_safes.put(boss, home, PutKeySafe(code="4711"))
    await sign_in(client, boss.username)
    safe = f"/response/{home}"
    stale = await submit(client, safe, safe, do="remove", version="0")
    assert "changed this key safe" in stale.text
    assert (await response.key_safes.of_home(boss, home)).there
    page = (await client.get(safe)).text
    (form,) = [one for one in page.split("</form>") if 'id="drop-safe"' in one]
    assert 'name="version" value="1"' in form[form.rindex("<form") :]
    await submit(client, safe, safe, do="remove")
    assert not (await response.key_safes.of_home(boss, home)).there


async def test_a_code_stands_on_the_answer_to_the_press_of_a_button_and_nowhere_else(
    services: Services, client: httpx.AsyncClient, boss: Member, ann: Member
) -> None:
    alert, _, home = await claimed(services, ann)
    await sign_in(client, boss.username)
    safe = f"/response/{home}"
    await submit(client, safe, safe, place="Left of the door", code="4711", do="")
    pages = [f"/alerts/{alert}", safe, f"/key-safe/{home}", "/queue", f"/homes/{home}"]
    await sign_in(client, "ann")
    shown = await submit(client, f"/key-safe/{home}", f"/key-safe/{home}", reason="No answer.")
    assert "4711" in shown.text
    assert shown.headers["refresh"] == f"120; url=/key-safe/{home}"
    assert shown.headers["cache-control"] == "no-store"
    for page in pages:
        assert "4711" not in (await client.get(page)).text, page
    assert (await client.get("/key-safe-looks")).status_code == httpx.codes.FORBIDDEN
    await sign_in(client, boss.username)
    assert "Somebody looked at the code of a key safe" in (await client.get("/queue")).text
    looks = await client.get("/key-safe-looks")
    assert "No answer." in looks.text
    seen = await submit(client, "/key-safe-looks", "/key-safe-looks")
    assert "Boss B has taken note" in seen.text
    assert "looked at the code" not in (await client.get("/queue")).text


async def test_a_task_from_an_alert_comes_back_in_the_list_until_somebody_ends_it(
    services: Services, client: httpx.AsyncClient, ann: Member
) -> None:
    alert, _, home = await claimed(services, ann)
    await sign_in(client, "ann")
    new = f"/follow-ups?home={home}&alert={alert}"
    late = await submit(client, new, "/follow-ups", do="add", what="Ring.", due_on="2020-01-01")
    assert "today or later" in late.text
    assert ">Ring.</textarea>" in late.text
    await client.post("/follow-ups", data={"csrf_token": "no"})
    added = await submit(
        client, new, "/follow-ups", home=home, alert=f"{alert}", do="add", what="Ring about it.",
        due_on="2026-03-10", assignee="ann",
    )  # fmt: skip
    assert "Ring about it." in added.text
    assert "Due today" in (await client.get("/follow-ups?whose=mine&when=due")).text
    assert "Nothing to do." in (await client.get("/follow-ups?when=overdue")).text
    end = {"do": "end", "task": "1", "version": "1", "outcome": "done", "note": "Rang."}
    done = await submit(client, "/follow-ups", "/follow-ups", **end)
    assert "Nothing to do." in done.text


async def test_who_only_reads_sees_no_number_and_no_form(
    services: Services, client: httpx.AsyncClient, response: Response, boss: Member
) -> None:
    await services.staff.add(
        "nurse", "correct horse battery staple", name="N", role="care_professional"
    )
    alert, _, home = await claimed(services, boss)
    await person(response, boss, home)
    await agree(services, boss, home)
    await sign_in(client, "nurse")
    for path in (f"/alerts/{alert}", f"/response/{home}", "/follow-ups"):
        page = (await client.get(path)).text
        assert "900123" not in page, path
        assert 'method="post"' not in page.replace('action="/sign-out"', "").replace(
            '<form method="post" >', ""
        ), path


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    blank = dict.fromkeys(CONTACT, "") | CONTACT
    put = contact_of(blank, 3)
    fields = {name: getattr(put, name) for name in put.__struct_fields__}
    shown = form_of(Contact(**fields, contact=1, available=True))
    assert shown == {**CONTACT, "hours": "Mon, Tue, Wed, Sat 18:00-22:30"}
    assert contact_of(shown, 3) == put
    over_sunday = contact_of({**blank, "hours": "Sat-Mon 22:00-06:00"}, 3)
    assert over_sunday.hours[0].days == [5, 6, 0]
    free = contact_of({**blank, "exceptions": "2026-12-24 available"}, 3)
    assert exception_line(free.exceptions[0]) == "2026-12-24 to 2026-12-24 available"
    for wrong in ({"name": " "}, {"numbers": "ring me"}, {"hours": "Mon 25:00-26:00"},
                  {"hours": "Noday 09:00-10:00"}, {"exceptions": "Christmas"}):  # fmt: skip
        with pytest.raises(Invalid):
            contact_of({**blank, **wrong}, 0)


@pytest.mark.parametrize("priority", sorted(BUILT_IN))
def test_a_plan_that_is_opened_and_kept_is_the_same_plan(priority: str) -> None:
    steps = list(BUILT_IN[priority])
    rows = {
        f"{field}_{row}": ""
        for field in ("kind", "whom", "name", "say", "wait")
        for row in range(1, 9)
    }
    assert steps_of(rows | form_of_steps(steps)) == steps


async def test_a_step_whose_contact_was_removed_says_so_and_calls_nobody_without_a_word(
    services: Services,
    client: httpx.AsyncClient,
    response: Response,
    boss: Member,
    ann: Member,
) -> None:
    alert, _, home = await claimed(services, ann)
    son = await response.contacts.add(boss, home, contact_of(Blank(CONTACT), 0))
    other = {**CONTACT, "name": "Niece", "numbers": "01632 960002", "hours": "", "exceptions": ""}
    niece = await response.contacts.add(boss, home, contact_of(Blank(other), 0))
    step = PlanStep(kind=StepKind.CALL, contact=son, say="Ask who has seen her.", wait_s=60)
    last = PlanStep(kind=StepKind.BOOK_VISIT, whom=Whom.NOBODY, name="District nurse")
    await response.plans.put(boss, PutPlan(seen=0, steps=[step, last]), home=home)
    before = await response.attempts.of_alert(ann, alert)
    assert [one.gone for one in before.steps] == [False, False]
    await sign_in(client, boss.username)
    form = f"/contact/{home}?contact={son}"
    assert "names them: All other alerts." in (await client.get(form)).text
    left = await submit(client, form, f"/contact/{home}", do="remove", contact=f"{son}")
    assert "Set it anew." in left.text
    plan = f"/plan/{home}"
    assert "choose somebody else</option>" in (await client.get(plan)).text
    typed = {"do": "", "seen": "1", "kind_1": "call", "whom_1": f"{son}", "wait_1": "10"}
    kept = await submit(client, plan, plan, **typed)
    assert f"Step 1: this home has no contact {son}: choose another." in kept.text
    assert f'value="{son}" selected>Removed: choose' in kept.text, "not the person instead"
    await sign_in(client, "ann")
    page = (await client.get(f"/alerts/{alert}")).text
    assert "no contact any more" in page
    assert "01632 960002" in page, "somebody else can be called at once"
    assert "Ask who has seen her." in page, "what was to be said stays"
    after = await response.attempts.of_alert(ann, alert)
    assert [(one.gone, [each.contact for each in one.people]) for one in after.steps] == [
        (True, [niece]),
        (False, []),
    ]
    assert after.next == Proposal(step=1, contact=niece), "it is not passed over"
