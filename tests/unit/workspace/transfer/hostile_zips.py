"""Bundles that mean harm or are broken, made from a good one by changing bytes and entries."""

import io
import json
import random
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

Entry = tuple[zipfile.ZipInfo, bytes]


@dataclass(frozen=True)
class Hostile:
    name: str
    data: bytes


def entries_of(good: bytes) -> list[Entry]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return [(info, archive.read(info)) for info in archive.infolist()]


def packed(entries: list[Entry], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, data in entries:
            fresh = zipfile.ZipInfo(info.filename)
            fresh.compress_type = info.compress_type
            fresh.external_attr = info.external_attr
            if change is not None:
                change(fresh)
            archive.writestr(fresh, data)
    return out.getvalue()


def with_entry(good: bytes, name: str, data: bytes = b"x", attributes: int = 0) -> bytes:
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    info.external_attr = attributes
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as archive, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name")
        archive.writestr(info, data)
    return out.getvalue()


def with_json(good: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    entries = []
    for info, data in entries_of(good):
        if info.filename == name:
            changed = change(json.loads(data))
            data = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
        entries.append((info, data))
    return packed(entries)


# --- families

NAMES = (
    "../evil.txt", "../../etc/passwd", "/etc/passwd", "assets/../../evil", "C:\\evil.txt",
    "C:/evil.txt",
    "\\\\server\\share\\evil", "//server/share/evil", "assets\\evil", "evil\x00.txt",
    "manifest.json\x00.png", "items/../manifest.json", "items/0.json", "items/1.json/..",
    "assets/" + "g" * 64, "assets/" + "A" * 64, "assets/" + "a" * 63, "con",
    "aux.json", "~/.bashrc",
    ".kupuri", "assets/", "items/99999999.json", "a" * 5000, "\u202egnp.exe", "./manifest.json",
    "Manifest.json", "items/1.json ", "items/\u0661.json", "kupuri.db",
)  # fmt: skip


def names(good: bytes) -> Iterator[Hostile]:
    for number, name in enumerate(NAMES):
        yield Hostile(f"name {number}", with_entry(good, name))


def links(good: bytes) -> Iterator[Hostile]:
    for kind in (0o120777, 0o060644, 0o020644, 0o010644, 0o140644):
        yield Hostile(
            f"mode {kind:o}", with_entry(good, "assets/" + "a" * 64, b"/etc/passwd", kind << 16)
        )


def doubled(good: bytes) -> Iterator[Hostile]:
    for info, data in entries_of(good):
        yield Hostile(f"twice {info.filename[:20]}", with_entry(good, info.filename, data))


def missing(good: bytes) -> Iterator[Hostile]:
    entries = entries_of(good)
    for gone, _ in entries:
        # Without a preview a bundle is still whole.
        if gone.filename != "preview.png":
            rest = [entry for entry in entries if entry[0] is not gone]
            yield Hostile(f"without {gone.filename[:20]}", packed(rest))
    yield Hostile("no entries", packed([]))


def wrong_hash(good: bytes) -> Iterator[Hostile]:
    entries = entries_of(good)
    for place, (info, data) in enumerate(entries):
        if info.filename.startswith("assets/"):
            for other in (b"", data[:-1], data + b"x", data[:-1] + bytes([data[-1] ^ 1])):
                changed = list(entries)
                changed[place] = (info, other)
                yield Hostile(f"hash {place} {len(other)}", packed(changed))


def locked(good: bytes) -> Iterator[Hostile]:
    """The flag for encryption set on the entries of the directory, and odd ways of packing."""
    for offset, value in ((8, 0x01), (8, 0x41), (10, 12), (10, 14), (10, 99), (10, 1)):
        changed = bytearray(good)
        at = good.find(b"PK\x01\x02")
        while at >= 0:
            changed[at + offset] = value
            at = good.find(b"PK\x01\x02", at + 4)
        yield Hostile(f"flag {offset} {value}", bytes(changed))


def bombs(good: bytes) -> Iterator[Hostile]:
    large = (
        ("items/1.json", 40 * 2**20),
        ("preview.png", 30 * 2**20),
        ("manifest.json", 17 * 2**20),
        ("assets/" + "b" * 64, 8 * 2**20),
    )
    for name, size in large:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        rest = [entry for entry in entries_of(good) if entry[0].filename != name]
        yield Hostile(f"bomb {name[:14]}", packed([*rest, (info, b" " * size)]))
    yield Hostile("overlap", _overlapping(good))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(61_000):
            archive.writestr(f"items/{number + 1}.json", b"[]")
    yield Hostile("many entries", out.getvalue())


def _overlapping(good: bytes) -> bytes:
    """Every entry of the directory points to the bytes of the first."""
    changed = bytearray(good)
    at = good.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 42 : at + 46] = struct.pack("<I", 0)
        at = good.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def sizes(good: bytes) -> Iterator[Hostile]:
    """Lengths and places in the directory and at its end that are not so."""
    directory, end = good.find(b"PK\x01\x02"), good.rfind(b"PK\x05\x06")
    for offset in (16, 20, 24, 28, 42):
        for value in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
            changed = bytearray(good)
            width = 2 if offset == 28 else 4
            changed[directory + offset : directory + offset + width] = (
                value & (256**width - 1)
            ).to_bytes(width, "little")
            if bytes(changed) != good:
                yield Hostile(f"directory {offset} {value:x}", bytes(changed))
    for offset, width in ((12, 4), (16, 4)):
        for value in (1, 0x7FFFFFFF, 0xFFFFFFFF):
            changed = bytearray(good)
            changed[end + offset : end + offset + width] = value.to_bytes(width, "little")
            yield Hostile(f"end {offset} {value:x}", bytes(changed))


DEEP = b"[" * 100_000
TEXTS: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"{}", b"1", b'"x"', b"[null]", b"[[]]", b"[1e999]", b"{", b"[" * 65,
    DEEP, DEEP + b"]" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b'"' * 99_999,
    b"\xff\xfe[]", "[]".encode("utf-16"), b"\x00", b"[" + b"9" * 10_000 + b"]",
    b'["\\ud800"]', b"NaN", b"[" + b"[]," * 1_600_000 + b"[]]",
)  # fmt: skip


def _instead(text: bytes, read: Any) -> bytes:
    return text


def texts(good: bytes) -> Iterator[Hostile]:
    for part in ("manifest.json", "items/1.json", "chats/1.json", "jobs/1.json"):
        for number, text in enumerate(TEXTS):
            yield Hostile(f"{part} {number}", with_json(good, part, partial(_instead, text)))


VALUES: tuple[Any, ...] = (
    None,
    1e300,
    10**40,
    -1,
    "x" * 1_100_000,
    [],
    {},
    True,
    "\u0000",
    "\ud800",
)
FIELDS = {
    "items/1.json": ("id", "kind", "x", "width", "opacity", "z", "natural_width", "points", "text"),
    "chats/1.json": ("session", "messages"),
    "jobs/1.json": ("id", "place", "request", "workflow", "item", "created"),
    "manifest.json": ("format", "version", "project", "counts", "assets", "missing", "written"),
}
SOUND = {
    # What a value may be: a z of -1, no text on a note and the like are nobody's harm.
    ("z", -1), ("x", -1), ("missing", "[]"), ("opacity", True), ("z", True), ("x", True),
    ("width", True), ("natural_width", True), ("points", "[]"), ("workflow", "{}"), ("text", "[]"),
    ("version", True), ("created", True), ("created", -1), ("written", True), ("written", -1),
}  # fmt: skip


def values(good: bytes) -> Iterator[Hostile]:
    for part, fields in FIELDS.items():
        for field in fields:
            for value in VALUES:
                if (field, value if isinstance(value, int) else json.dumps(value)) in SOUND:
                    continue

                def change(read: Any, field: str = field, value: Any = value) -> Any:
                    targets = read if isinstance(read, list) else [read]
                    holding = [t for t in targets if field in t] or targets
                    for target in holding:
                        target[field] = value
                    return read

                label = f"{part} {field} {json.dumps(value)[:12]}"
                yield Hostile(label, with_json(good, part, change))


def cut(good: bytes) -> Iterator[Hostile]:
    for part in range(1, 30):
        yield Hostile(f"cut {part}/30", good[: len(good) * part // 30])


def mutations(good: bytes, count: int) -> Iterator[Hostile]:
    """Some are still whole; what counts is that each is taken wholly or refused."""
    for seed in range(count):
        dice = random.Random(seed)
        changed = bytearray(good)
        for _ in range(dice.choice((1, 1, 3, 20))):
            place = dice.randrange(len(changed))
            match dice.randrange(4):
                case 0:
                    changed[place] = dice.randrange(256)
                case 1:
                    changed[place] ^= 1 << dice.randrange(8)
                case 2:
                    del changed[place : place + dice.randrange(1, 30)]
                case _:
                    changed[place:place] = dice.randbytes(dice.randrange(1, 30))
        yield Hostile(f"seed {seed}", bytes(changed))


FAMILIES: tuple[Callable[[bytes], Iterator[Hostile]], ...] = (
    names, links, doubled, missing, wrong_hash, locked, bombs, sizes, texts, values, cut,
)  # fmt: skip
