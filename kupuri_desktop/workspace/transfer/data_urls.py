"""Takes pictures out of `data:` URLs (RFC 2397) and checks that an address is none to fetch."""

import base64
import binascii
import re

from kupuri_desktop.workspace.transfer.archive import MOST_ASSET
from kupuri_desktop.workspace.transfer.bounds import Untaken

_HEAD = re.compile(r"data:image/[a-z0-9.+-]{1,40}(;[a-z0-9=-]{1,40}){0,4},", re.IGNORECASE)


def is_data_url(text: str) -> bool:
    return text[:5].lower() == "data:"


def picture_in(url: str, name: str) -> bytes:
    """The bytes of a picture. Raises Untaken for anything else; nothing is ever fetched."""
    head = _HEAD.match(url[:300])
    if head is None or not head[0].lower().endswith(";base64,"):
        raise Untaken(f"{name}: it is no picture.")
    if (len(url) - head.end()) // 4 * 3 > MOST_ASSET:
        raise Untaken(f"{name}: it is too large.")
    try:
        data = base64.b64decode(url[head.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Untaken(f"{name}: its picture is damaged.") from error
    if not data:
        raise Untaken(f"{name}: its picture is empty.")
    return data
