"""An image's bytes as a value: named by their hash, kept as they came."""

import hashlib
from dataclasses import dataclass

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
    "image/avif": "avif",
    "image/svg+xml": "svg",
    "application/octet-stream": "bin",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """What is known of stored bytes. `id` is their sha256 in hex; sizes in pixels and bytes.

    An image that could not be read has width and height 0 and says why in `problem`.
    """

    id: str
    mime: str
    width: int
    height: int
    size: int
    problem: str = ""


def asset_id(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
