"""The forms of a page, filled as they are shown."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """Where it is posted to, and what is in its fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms that are posted; what has to be filled, and is not, gets a word.

    A form without an address is posted by buttons elsewhere, each of which has its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._for_buttons: dict[str, Form] = {}
        self._choice = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(has)
        elif tag == "button" and "formaction" in has:
            shared = self._for_buttons[has["form"]]
            self.found.append(Form(has["formaction"], dict(shared.fields)))
        elif self._open is None:
            return
        elif tag == "select":
            self._choice = has.get("name", "")
        elif tag == "option" and self._choice:
            if "selected" in has or not self._open.fields.get(self._choice):
                self._open.fields[self._choice] = has.get("value", "")
        elif tag == "textarea":
            self._text = has.get("name", "")
            self._open.fields[self._text] = "words" if "required" in has else ""
        elif tag in {"input", "button"} and has.get("name"):
            self._fill(has)

    def _begin(self, has: dict[str, str]) -> None:
        self._open = Form(has.get("action", "")) if has.get("method") == "post" else None
        if self._open and self._open.action:
            self.found.append(self._open)
        elif self._open:
            self._for_buttons[has["id"]] = self._open

    def _fill(self, has: dict[str, str]) -> None:
        assert self._open is not None
        kind = has.get("type")
        if kind in {"checkbox", "radio"} and "checked" not in has and "required" not in has:
            return
        value = has.get("value", "on" if kind in {"checkbox", "radio"} else "")
        if not value and "required" in has:
            value = "2026-03-12" if kind == "date" else "7"
        self._open.fields.setdefault(has["name"], value)

    def handle_data(self, data: str) -> None:
        if self._text and self._open and data.strip():
            self._open.fields[self._text] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._choice = ""
        elif tag == "textarea":
            self._text = ""
        elif tag == "form":
            self._open = None


def forms(page: str) -> list[Form]:
    """Every form that is posted."""
    reader = _Forms()
    reader.feed(page)
    return reader.found
