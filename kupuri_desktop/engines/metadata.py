"""Text chunks of PNG files: how an image was made travels with it, its pixels left untouched.

ComfyUI's page opens a PNG that is dropped on it by the chunk `workflow` (the editor's own format)
and without that by `prompt` (the API format, where every value has a `class_type`); `parameters`
in the manner of A1111 comes last and makes a graph only where it has a line that begins with
`Steps:` (Comfy-Org/ComfyUI_frontend, src/scripts/app.ts, `handleFile`). Its reader takes tEXt
everywhere and iTXt only in newer versions and never compressed (src/scripts/metadata/png.ts), so
graphs are written as ASCII JSON in tEXt.

Chunks: https://www.w3.org/TR/png-3/#11textinfo
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kupuri_desktop import __version__
from kupuri_desktop.core.errors import HostileFile
from kupuri_desktop.core.generation import MAX_SEED
from kupuri_desktop.core.items import Making

KUPURI, PARAMETERS = "kupuri", "parameters"
GRAPHS = ("workflow", "prompt")
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_TEXTS = 64
MAX_TEXT = 8 * 1024 * 1024
"""Bytes of one text, after unpacking."""

_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_PAINTED = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT pHYs bKGD hIST sPLT acTL fcTL fdAT".split()
)
"""Ancillary chunks that say how pixels look; the only ones that `strip` keeps."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """`start` and `end` hold length and checksum too; not `whole` where the file breaks off."""

    kind: bytes
    start: int
    end: int
    whole: bool

    @property
    def body(self) -> slice:
        return slice(self.start + 8, self.end - 4)


def write(png: bytes, making: Making, workflow: Mapping[str, str]) -> bytes:
    """Returns the PNG with the texts that tell how it was made; its own other texts stay.

    workflow: ComfyUI's keys, of which `workflow` and `prompt` are taken where they hold JSON.
    Raises HostileFile where the bytes are no PNG with pixels.
    """
    added = chunks(making, workflow)
    parts: list[bytes] = [SIGNATURE]
    placed = False
    end = len(SIGNATURE)
    for chunk in _chunks(png):
        if chunk.kind == b"IDAT" and not placed:
            parts.append(added)
            placed = True
        if not (chunk.kind in _TEXTS and _key(png, chunk) in (*GRAPHS, PARAMETERS, KUPURI)):
            parts.append(png[chunk.start : chunk.end])
        end = chunk.end
    if not placed:
        raise HostileFile("This PNG file holds no picture.")
    return b"".join([*parts, png[end:]])


def chunks(making: Making, workflow: Mapping[str, str]) -> bytes:
    """The text chunks that tell how an image was made, whole, for before a PNG's pixels."""
    texts = {
        **_graphs(workflow),
        PARAMETERS: parameters(making),
        KUPURI: json.dumps(facts(making), ensure_ascii=False),
    }
    return b"".join(_encoded(key, text) for key, text in texts.items())


def read(png: bytes) -> dict[str, str]:
    """Returns the texts of a PNG, at most MAX_TEXTS of MAX_TEXT bytes; too long ones are left out.

    Of a broken file it gives what stands before the break. Raises HostileFile for no PNG at all.
    """
    texts: dict[str, str] = {}
    for chunk in _chunks(png):
        if len(texts) == MAX_TEXTS:
            break
        if chunk.kind in _TEXTS and chunk.whole:
            found = _decoded(chunk.kind, png[chunk.body])
            if found is not None:
                texts.setdefault(*found)
    return texts


def strip(png: bytes) -> bytes:
    """Returns the PNG with its pixels and colours alone: no text, no Exif, nothing behind the end.

    Raises HostileFile where the bytes are no PNG.
    """
    kept = [SIGNATURE]
    for chunk in _chunks(png):
        critical = not chunk.kind[0] & 0x20
        if critical or chunk.kind in _PAINTED:
            kept.append(png[chunk.start : chunk.end])
    return b"".join(kept)


def facts(making: Making) -> dict[str, Any]:
    """What Kupuri's own chunk says of an image; nothing of the project or the chat it is from."""
    told: dict[str, Any] = {
        "version": __version__,
        "prompt": making.prompt,
        "model": making.model,
        "seed": making.seed,
        "width": making.width,
        "height": making.height,
        "negative_prompt": making.negative_prompt,
        "style": making.style,
        "steps": making.steps,
        "guidance": making.guidance,
        "made": making.made,
    }
    return {key: value for key, value in told.items() if value not in ("", None)}


def making_of(texts: Mapping[str, str]) -> Making | None:
    """Returns how an image was made, from the texts of its file; None where Kupuri says nothing."""
    try:
        told = json.loads(texts.get(KUPURI, ""))
        seed, width, height = (int(told[key]) for key in ("seed", "width", "height"))
        prompt, model = str(told["prompt"]), str(told["model"])
        steps, guidance = told.get("steps"), told.get("guidance")
        making = Making(
            prompt,
            model,
            seed,
            width,
            height,
            negative_prompt=str(told.get("negative_prompt", "")),
            style=str(told.get("style", "")),
            steps=None if steps is None else int(steps),
            guidance=None if guidance is None else float(guidance),
            made=str(told.get("made", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return making if 0 <= seed <= MAX_SEED and width > 0 and height > 0 else None


def parameters(making: Making) -> str:
    """The text that other programs show: prompt, negative prompt, then a line of settings."""
    settings: list[tuple[str, object]] = [
        ("Steps", making.steps),
        ("CFG scale", making.guidance),
        ("Seed", making.seed),
        ("Size", f"{making.width}x{making.height}"),
        ("Model", making.model),
        ("Version", f"Kupuri {__version__}"),
    ]
    lines = [making.prompt]
    if making.negative_prompt:
        lines.append(f"Negative prompt: {making.negative_prompt}")
    lines.append(", ".join(f"{name}: {value}" for name, value in settings if value is not None))
    return "\n".join(lines)


def _graphs(workflow: Mapping[str, str]) -> dict[str, str]:
    graphs = {}
    for key in GRAPHS:
        try:
            # JavaScript has no NaN in JSON and would refuse the whole graph for it.
            graph = json.loads(workflow[key], parse_constant=lambda _: None)
        except (KeyError, ValueError, RecursionError):
            continue
        if isinstance(graph, dict) and graph:
            graphs[key] = json.dumps(graph)
    return graphs


def _chunks(png: bytes) -> Iterator[_Chunk]:
    if not png.startswith(SIGNATURE):
        raise HostileFile("This file is not a PNG picture.")
    start = len(SIGNATURE)
    while start + 8 <= len(png):
        (length,) = struct.unpack_from(">I", png, start)
        end = start + 12 + length
        kind = png[start + 4 : start + 8]
        yield _Chunk(kind, start, min(end, len(png)), end <= len(png))
        if kind == b"IEND":
            return
        start = end


def _key(png: bytes, chunk: _Chunk) -> str:
    return png[chunk.body].partition(b"\0")[0].decode("latin-1")


def _encoded(key: str, text: str) -> bytes:
    text = text.replace("\0", "")
    name = key.encode("ascii")
    if text.isascii():
        kind, body = b"tEXt", name + b"\0" + text.encode("ascii")
    else:
        # Flag, method, language and translated key are empty; the text is UTF-8, not packed.
        kind, body = b"iTXt", name + b"\0\0\0\0\0" + text.encode("utf-8", "replace")
    check = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def _decoded(kind: bytes, body: bytes) -> tuple[str, str] | None:
    name, nul, rest = body.partition(b"\0")
    if not nul or not 1 <= len(name) <= 79:
        return None
    key = name.decode("latin-1")
    match kind:
        case b"tEXt":
            packed, text, coding = False, rest, "latin-1"
        case b"zTXt":
            packed, text, coding = True, rest[1:], "latin-1"
        case _:
            fields = rest[2:].split(b"\0", 2)
            if len(rest) < 2 or len(fields) < 3:
                return None
            packed, text, coding = rest[0] == 1, fields[2], "utf-8"
    plain = _unpacked(text) if packed else text
    if plain is None or len(plain) > MAX_TEXT:
        return None
    return key, plain.decode(coding, "replace")


def _unpacked(packed: bytes) -> bytes | None:
    """The unpacked bytes; None where they are damaged or more than MAX_TEXT."""
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, MAX_TEXT + 1)
    except zlib.error:
        return None
    return plain if unpacker.eof and len(plain) <= MAX_TEXT else None
