"""What is committed is ours to publish, says what it is, and is explained."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from api.settings import ALLOWED as CENTRE_SETTINGS
from gateway.settings import Settings as HubSettings

ROOT = Path(__file__).parent.parent
LARGEST = 500_000  # bytes
PINS = ("constraints.txt", "package-lock.json")
COMMANDS = ("telecare-api", "telecare-gateway", "telecare-simulator")
# Someone's own folders, however they are called there.
HOMES = re.compile(r"(?<![\w.])/(?:home|Users)/[a-z]\w*/", re.IGNORECASE)


def committed() -> list[Path]:
    """Every file in the index that is still in the tree."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """The committed files that are text."""
    for path in committed():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode()


def test_no_file_is_so_large_that_every_clone_would_pay_for_it() -> None:
    assert [path for path in committed() if path.stat().st_size > LARGEST] == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    here = str(ROOT)
    assert [path for path, text in texts() if here in text or HOMES.search(text)] == []


@pytest.mark.parametrize("name", PINS)
def test_pins_name_no_host_to_download_from(name: str) -> None:
    pins = [path for path in committed() if path.name == name]
    assert pins, f"{name} is not committed"
    for path in pins:
        assert "://" not in re.sub(r'"(?:url|funding)": *"[^"]*"', "", path.read_text()), path


def test_every_dependency_is_pinned_to_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text().split()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[\w.!+]+", line)] == []


def test_every_module_says_what_it_is_for_in_its_first_line() -> None:
    silent = []
    for path, text in texts():
        if path.suffix == ".py" and text.strip() and ast.get_docstring(ast.parse(text)) is None:
            silent.append(path.relative_to(ROOT))
    assert silent == []


SILENCED = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?"
    r"|pyright:\s*ignore(?:\[\w+\])?|pragma:\s*no cover)"
)


def unexplained(code: str) -> Iterator[int]:
    """The lines on which a check is silenced and nothing says why."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and SILENCED.search(token.string):
            reason = SILENCED.sub("", token.string)
            if not re.search(r"\w{2}", reason):
                yield token.start[0]


def test_every_check_that_is_silenced_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, text in texts()
        if path.suffix == ".py" and SILENCED.search(text)
        for line in unexplained(text)
    ]
    assert silent == []
    assert list(unexplained("a = 1  # noqa: E501\nb = 2  # type: ignore[x]  # noqa: E1\n")) == [
        1,
        2,
    ]
    assert not list(unexplained("a = 1  # noqa: E501 - a link\nb = 2  # type: ignore[x]  # as a\n"))


def test_the_licence_is_there_and_is_the_one_that_is_named() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert "Apache License" in licence
    assert "Version 2.0" in licence
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()


def documentation() -> str:
    """All that is written for people who use it."""
    return "\n".join(path.read_text() for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")])


def subcommands(command: str) -> list[str]:
    """What a command can be asked to do, as its help lists it."""
    shown = subprocess.check_output([Path(sys.executable).parent / command, "--help"], text=True)
    listed = shown.partition("COMMAND\n")[2].partition("\n\n")[0]
    return re.findall(r"^    ([a-z][a-z-]*)(?:\s|$)", listed, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_is_in_the_documentation(command: str) -> None:
    known = subcommands(command)
    assert len(known) >= 4
    told = documentation()
    assert [name for name in known if f"{command} {name}" not in told] == []


def hub_keys() -> Iterator[tuple[str, str]]:
    """Each table of the hub's settings with each key in it."""
    for table in msgspec.structs.fields(HubSettings):
        kind = msgspec.inspect.type_info(table.type)
        for struct in _structs(kind):
            for field in struct.fields:
                yield table.encode_name, field.encode_name


def _structs(kind: msgspec.inspect.Type) -> Iterator[msgspec.inspect.StructType]:
    match kind:
        case msgspec.inspect.StructType():
            yield kind
        case msgspec.inspect.UnionType():
            for one in kind.types:
                yield from _structs(one)
        case msgspec.inspect.VarTupleType():
            yield from _structs(kind.item_type)


def explains(guide: str, key: str) -> bool:
    """Whether a key stands in the guide, in a sentence or table as code or in an example file."""
    return re.search(rf"`{key}`|^(?:# )?{key} = ", guide, re.MULTILINE) is not None


def test_every_setting_of_the_hub_is_in_its_guide() -> None:
    keys = list(hub_keys())
    assert ("hub", "home") in keys
    assert ("sensors", "place") in keys
    guide = (ROOT / "docs" / "hub-settings.md").read_text()
    assert [key for key in keys if not explains(guide, key[1])] == []
    assert "[budget]" in guide


def test_every_setting_of_the_centre_is_in_its_guide() -> None:
    guide = (ROOT / "docs" / "centre.md").read_text()
    assert [key for key in CENTRE_SETTINGS if not explains(guide, key)] == []


LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s#]*)(?:#([^)\s]*))?\)")
NAMED = re.compile(r"\bdocs/[\w/.-]+\.(?:md|json|png)\b")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def headings(page: Path) -> set[str]:
    """The anchors of a page, as its headings make them."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def pages() -> list[Path]:
    """The committed pages."""
    return [path for path in committed() if path.suffix == ".md"]


def test_every_link_between_pages_leads_somewhere() -> None:
    dead, found = [], 0
    for page in pages():
        for file, anchor in LINK.findall(FENCED.sub("", page.read_text())):
            found += 1
            target = page.parent / file if file else page
            if not target.exists() or (anchor and anchor not in headings(target)):
                dead.append(f"{page.relative_to(ROOT)}: {file}#{anchor}")
    assert found > 60
    assert dead == []


def test_every_page_that_the_software_names_is_there() -> None:
    sources = [(path, text) for path, text in texts() if path.suffix in {".py", ".toml", ".sh"}]
    named = {(path, name) for path, text in sources for name in NAMED.findall(text)}
    assert (ROOT / "gateway" / "settings" / "broker.py", "docs/hub-devices.md") in named
    assert [name for _, name in named if not (ROOT / name).exists()] == []


def test_every_page_on_the_hub_can_be_found_from_the_first_one() -> None:
    first = (ROOT / "docs" / "hub.md").read_text()
    others = [page.name for page in (ROOT / "docs").glob("hub-*.md")]
    assert len(others) >= 5
    assert [name for name in others if f"]({name})" not in first] == []
