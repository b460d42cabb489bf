"""The report as one HTML page that needs nothing else: no script, no other file, light or dark."""

from collections.abc import Iterable
from html import escape

from simulator.evaluation.blocks import Block, Heading, Items, Picture, Table, Text

_STYLE = """\
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --line: #8c959f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --line: #6e7681; }
}
body { color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif;
  max-width: 75rem; margin: 0 auto; padding: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.5rem; text-align: left;
  vertical-align: top; }
figure { margin: 1rem 0; color: var(--ink); }
figure svg { max-width: 100%; height: auto; }
a { color: inherit; }
"""


def as_html(title: str, about: str, blocks: Iterable[Block]) -> str:
    """The blocks as a page."""
    blocks = list(blocks)
    titles = [block.text for block in blocks if isinstance(block, Heading)]
    links = "".join(f'<li><a href="#{_name(text)}">{escape(text)}</a></li>' for text in titles)
    body = "\n".join(_html(number, block) for number, block in enumerate(blocks))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape(about)}</p>\n"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _html(number: int, block: Block) -> str:
    match block:
        case Heading(text):
            return f'<h2 id="{_name(text)}">{escape(text)}</h2>'
        case Text(text):
            return f"<p>{escape(text)}</p>"
        case Items(items):
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Table(head, rows):
            heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
            lines = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
            return (
                f'<div class="scroll" tabindex="0" role="region" aria-label="Table {number}">'
                f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
            )
        case Picture(label, svg):
            drawn = svg[svg.index("<svg") :].replace("<svg ", '<svg aria-hidden="true" ', 1)
            return f'<figure role="img" aria-label="{escape(label)}">{drawn}</figure>'


def _cells(row: Iterable[str]) -> str:
    first, *others = row
    return f'<th scope="row">{escape(first)}</th>' + "".join(
        f"<td>{escape(cell)}</td>" for cell in others
    )


def _name(text: str) -> str:
    """The heading's own address on the page."""
    return "-".join(text.lower().split())
