"""SCAIP's two documents: `mrq`, what an alarm says, and `mrs`, what became of it. Pure.

Written strictly, in the order and the lengths of the standard; read leniently, for codes arrive
unpadded and with stray spaces.
"""

import re
from typing import Any
from xml.etree import ElementTree as ET  # nosec B405 # read below only where no entity is declared
from xml.sax.saxutils import escape  # nosec B406 # it writes and reads nothing

import msgspec

LONGEST = 64 * 1024
"""Bytes of a document that is read."""
_NUMBER_DIGITS = 4
OK = 0
FORMAT_ERRORS = {1: "a value is too long", 2: "a value has the wrong form",
                 3: "a value is wrong", 7: "a tag is missing"}  # fmt: skip
NOT_NOW = {4: "it is on hold", 5: "it could not treat it", 6: "it is busy"}

_LENGTHS = {
    "ref": 16, "ver": 5, "sco": 32, "cha": 32, "mty": 2, "hbo": 32, "cid": 16, "dty": 4, "did": 8,
    "dco": 32, "dte": 32, "crd": 256, "stc": 4, "stt": 32, "pri": 32, "lco": 3, "lva": 2, "lge": 32,
    "lte": 32, "ico": 32, "ite": 128, "ame": 32,
}  # fmt: skip
"""In order, the bytes that each tag holds at most; 32 where no source of ours tells."""
_FORMS = {
    "ref": re.compile(r"[A-Za-z0-9]{1,16}"), "cid": re.compile(r"[0-9]{1,16}"),
    "dty": re.compile(r"[0-9]{4}"), "stc": re.compile(r"[0-9]{4}"),
    "lco": re.compile(r"[0-9]{3}"), "mty": re.compile(r"ME|RE|IN|PI"),
}  # fmt: skip
_REQUIRED = frozenset({"ref", "cid", "dty"})
_PADDED = {"dty": 4, "stc": 4, "lco": 3}
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")


class Malformed(ValueError):  # noqa: N818 - said of a document, as `unreadable` is
    """It is no such document; the sentence says why, and repeats nothing of it."""


class Mrq(msgspec.Struct, frozen=True, kw_only=True):
    """What an alarm says. A field that is empty is left out, but for the usual ones."""

    ref: str
    ver: str = "01.00"
    sco: str = ""
    cha: str = ""
    mty: str = "ME"
    hbo: str = ""
    cid: str
    dty: str
    did: str = ""
    dco: str = ""
    dte: str = ""
    crd: str = ""
    stc: str = "0010"
    stt: str = ""
    pri: str = ""
    lco: str = ""
    lva: str = ""
    lge: str = ""
    lte: str = ""
    ico: str = ""
    ite: str = ""
    ame: str = ""


class Mrs(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an alarm.

    Attributes:
        snu: 0 for taken; see `FORMAT_ERRORS` and `NOT_NOW`; 99 for anything else.
        mre: How the receiver will speak: 0 not at all, 1 both ways.
    """

    ref: str
    snu: int
    ste: str = ""
    mre: str = ""


def write_mrq(mrq: Mrq) -> bytes:
    """The document.

    Raises:
        Malformed: A value will not do; says which tag.
    """
    parts = []
    for tag, longest in _LENGTHS.items():
        value: str = getattr(mrq, tag)
        if not value and tag not in _REQUIRED:
            continue
        form = _FORMS.get(tag)
        if form and not form.fullmatch(value):
            raise Malformed(f"{tag} has the wrong form")
        if len(value.encode("utf-8", "replace")) > longest or _NO_TEXT.search(value):
            raise Malformed(f"{tag} is too long, or holds what is no text")
        parts.append(f"<{tag}>{escape(value)}</{tag}>")
    return f"<mrq>{''.join(parts)}</mrq>".encode()


def write_mrs(mrs: Mrs) -> bytes:
    """The document, as a receiver writes it."""
    values = {"ref": mrs.ref, "snu": str(mrs.snu), "ste": mrs.ste, "mre": mrs.mre}
    parts = (f"<{tag}>{escape(value)}</{tag}>" for tag, value in values.items() if value)
    return f"<mrs>{''.join(parts)}</mrs>".encode()


def read_mrq(body: bytes) -> Mrq:
    """An alarm, with its codes padded and its spaces gone.

    Raises:
        Malformed: It is none.
    """
    found = _tags(_root(body), "mrq")
    known: dict[str, Any] = {
        tag: value for tag, value in found.items() if value and tag in _LENGTHS
    }
    if missing := sorted(_REQUIRED - known.keys()):
        raise Malformed(f"{', '.join(missing)} missing")
    for tag, digits in _PADDED.items():
        if tag in known:
            known[tag] = known[tag].zfill(digits)
    if "mty" in known:
        known["mty"] = known["mty"].upper()
    mrq = Mrq(**known)
    write_mrq(mrq)
    return mrq


def read_mrs(body: bytes) -> Mrs:
    """What became of an alarm; also where it stands in, or in place of, a `scaip`.

    Raises:
        Malformed: It is none.
    """
    found = _tags(_root(body), "mrs")
    if not found.get("ref") or not found.get("snu"):
        raise Malformed("ref or snu missing")
    number = found["snu"]
    readable = number.isascii() and number.isdigit() and len(number) <= _NUMBER_DIGITS
    snu = int(number) if readable else 99
    return Mrs(ref=found["ref"], snu=snu, ste=found.get("ste", ""), mre=found.get("mre", ""))


def fit(text: str, tag: str) -> str:
    """As much of `text` as `tag` holds, seen to be shortened, without odd characters."""
    longest = _LENGTHS[tag]
    plain = " ".join(_NO_TEXT.sub(" ", text).split())
    if len(plain.encode()) <= longest:
        return plain
    return plain.encode()[: longest - 3].decode("utf-8", "ignore").rstrip() + "..."


def _root(body: bytes) -> ET.Element:
    if len(body) > LONGEST:
        raise Malformed("too long")
    if b"<!" in body:  # no declarations: an entity could swell without end
        raise Malformed("it declares something")
    try:
        return ET.fromstring(body.strip())  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Malformed("no XML") from error


def _tags(root: ET.Element, wanted: str) -> dict[str, str]:
    if _local(root.tag) == "scaip":
        inner = [child for child in root if _local(child.tag) == wanted]
        root = inner[0] if inner else root
    elif _local(root.tag) != wanted:
        raise Malformed(f"no {wanted}")
    return {_local(child.tag): (child.text or "").strip() for child in root}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
