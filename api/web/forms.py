"""Form posts, read within bounds."""

from urllib.parse import parse_qsl

from fastapi import Request

from api.refusals import Invalid
from api.web.bodies import read_body

MAX_FORM_BYTES = 64 * 1024
MAX_FIELDS = 200
"""Also of a centre with many clients, each with a box to tick."""
_TYPE = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form post, the last of each name; empty where the body is no form.

    May be asked for any number of times in one request.

    Raises:
        TooLarge: It has more than `MAX_FORM_BYTES`.
        Invalid: It has more than `MAX_FIELDS` fields, or bytes that are no text.
    """
    kept: dict[str, str] | None = getattr(request.state, "form", None)
    if kept is None:
        kept = await _read(request)
        request.state.form = kept
    return kept


async def _read(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith(_TYPE):
        return {}
    body = await read_body(request, MAX_FORM_BYTES)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise Invalid("The form cannot be read.") from error
    if any("\0" in value for name, value in pairs if name != "csrf_token"):  # that is just wrong
        raise Invalid("A text cannot hold a NUL character.")
    return dict(pairs)
