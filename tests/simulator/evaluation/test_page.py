"""The page: it needs nothing else, and says in tables all that its pictures show."""

from html.parser import HTMLParser

from simulator.evaluation.blocks import Heading, Items, Picture, Table, Text, as_markdown
from simulator.evaluation.page import as_html

BLOCKS = (
    Heading("One contest"),
    Text("Less < more & so on."),
    Items(("one", "two")),
    Table(("a", "b"), (("1", "<2>"),)),
    Picture("what it shows", '<?xml version="1.0"?>\n<svg width="1"><g/></svg>\n'),
)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def seen() -> Seen:
    parser = Seen()
    parser.feed(as_html("Title", "About", BLOCKS))
    return parser


def test_it_needs_no_script_and_no_other_file() -> None:
    found = seen()
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert all(name not in {"src", "srcset"} for name, _ in found.attributes)
    targets = [value or "" for name, value in found.attributes if name == "href"]
    assert targets == ["#one-contest"]
    assert ("id", "one-contest") in found.attributes


def test_it_can_be_read_without_seeing_it() -> None:
    found = seen()
    assert ("lang", "en") in found.attributes
    assert ("aria-label", "what it shows") in found.attributes
    assert {"main", "h1", "h2", "nav", "th"} <= set(found.tags)
    assert [value for name, value in found.attributes if name == "scope"] == ["col", "col", "row"]


def test_words_are_never_taken_for_tags() -> None:
    page = as_html("T", "A", BLOCKS)
    assert "Less &lt; more &amp; so on." in page
    assert "&lt;2&gt;" in page
    assert "<?xml" not in page


def test_markdown_has_the_same_words_and_no_picture() -> None:
    text = as_markdown(BLOCKS)
    assert text.startswith("### One contest\n\nLess < more")
    assert "| a | b |\n| --- | --- |\n| 1 | <2> |\n" in text
    assert "svg" not in text
