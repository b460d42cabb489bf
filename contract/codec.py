"""JSON in and out, without losing what a newer writer said.

The quick path decodes straight into the message. Only where that meets a field it does not know are
the unknown fields, at any depth, set aside in the message's `unknown`; :func:`encode` puts them
back where they stood.
"""

from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec.inspect import ListType, RawType, StructType, Type, UnionType, type_info

from contract.base import Part

M = TypeVar("M", bound=Part)

_ASIDE = "$unknown"
_ASIDE_KEY = b'"$unknown":'
_encoder = msgspec.json.Encoder()


class ContractError(ValueError):
    """The bytes are not the message they should be. The sentence says where and why."""


def decode(data: bytes | str, message: type[M]) -> M:
    """Reads one message from JSON; surrounding white space does not matter.

    Raises:
        ContractError: The JSON is broken, or a known field is missing or has a wrong value.
    """
    decoder: msgspec.json.Decoder[M] = _decoder(message)
    try:
        try:
            return decoder.decode(data)
        except msgspec.ValidationError as error:
            if "unknown field" not in str(error):
                raise
            raw = msgspec.json.decode(data)
            return msgspec.convert(_set_aside(raw, type_info(message)), message)
    except msgspec.ValidationError as error:
        raise ContractError(f"not a valid {message.__name__}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContractError(f"not JSON: {error}") from error


def encode(message: Part) -> bytes:
    """Writes one message as JSON on one line, unknown fields included."""
    data = _encoder.encode(message)
    if _ASIDE_KEY not in data:
        return data
    return _encoder.encode(_put_back(msgspec.json.decode(data)))


@cache
def _decoder(message: type[M]) -> msgspec.json.Decoder[M]:
    return msgspec.json.Decoder(message)


def _set_aside(raw: Any, info: Type) -> Any:
    """Moves what `info` does not know under `$unknown`, at every depth."""
    if isinstance(info, UnionType):  # something or None: whichever of them can be what came
        wanted = StructType if isinstance(raw, dict) else ListType
        info = next((one for one in info.types if isinstance(one, wanted)), info)
    if isinstance(info, StructType) and isinstance(raw, dict):
        fields = {field.encode_name: field.type for field in info.fields}
        known = {name: _set_aside(raw[name], fields[name]) for name in raw if name in fields}
        beyond = {name: value for name, value in raw.items() if name not in fields}
        return {**known, _ASIDE: beyond} if beyond else known
    if isinstance(info, ListType) and isinstance(raw, list):
        return [_set_aside(item, info.item_type) for item in raw]
    if isinstance(info, RawType):
        return msgspec.Raw(_encoder.encode(raw))
    return raw


def _put_back(raw: Any) -> Any:
    """The inverse of :func:`_set_aside`; a known field wins over an unknown one of its name."""
    if isinstance(raw, dict):
        beyond = raw.pop(_ASIDE, {})
        return {**beyond, **{name: _put_back(value) for name, value in raw.items()}}
    if isinstance(raw, list):
        return [_put_back(item) for item in raw]
    return raw
