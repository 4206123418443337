"""Hostile and mutated images: no crash, no silence, and no more memory than 1 GB.

A child decodes them, so that a crash in a decoder is seen, and its memory can be measured.
"""

import io
import itertools
import json
import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random

from PIL import Image

from kupuri_desktop.storage import images
from tests.durability.outcome import Outcome

MOST_MEMORY = 2**30
HOSTILE, BOMBS = 62, 20
SILENT = "without a word"


def originals() -> list[tuple[str, bytes]]:
    """One image of each kind that is decoded, small and honest."""
    found: list[tuple[str, bytes]] = []
    noise = Image.frombytes("RGB", (60, 40), Random(1).randbytes(60 * 40 * 3))
    kinds = [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "I;16"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
        ("AVIF", "RGB"),
    ]
    for kind, mode in kinds:
        image = Image.new(mode, noise.size, 9) if mode == "I;16" else noise.convert(mode)
        buffer = io.BytesIO()
        image.save(buffer, kind)
        found.append((f"{kind} {mode}", buffer.getvalue()))
    frames = [noise, noise.rotate(90), noise.rotate(180)]
    for kind in ("GIF", "WEBP", "PNG"):
        buffer = io.BytesIO()
        frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
        found.append((f"{kind} moving", buffer.getvalue()))
    return found


def mutate(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 5, 30])):
        at = random.randrange(min(len(changed), random.choice([40, 200, len(changed)])) or 1)
        match random.randrange(5):
            case 0:
                changed[at] = random.randrange(256)
            case 1:
                changed[at] ^= 1 << random.randrange(8)
            case 2:
                changed[at : at + 4] = random.choice(
                    [b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff"]
                )
            case 3:
                del changed[max(at, 16) :]
            case _:
                changed[at:at] = random.randbytes(random.randrange(1, 40))
        if not changed:
            break
    return bytes(changed)


def run(mutations: int, root: Path, seed: int = 0) -> Outcome:
    """A short run leaves the bombs out. Needs a process without other threads: it forks."""
    bombs = mutations >= 1000
    outcome = Outcome("hostile and mutated images")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            _child(mutations, bombs, seed, writing)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = [json.loads(line) for line in pipe.read().split(b"\n")[:-1]]
    _, status = os.waitpid(child, 0)
    for name, what, memory in lines:
        outcome.rounds += 1
        outcome.counts[what] += 1
        if what == SILENT:
            outcome.faults.append(f"{name}: not shown, and nobody knows why")
        if memory > MOST_MEMORY:
            outcome.faults.append(f"{name}: {memory // 2**20} MB")
            break
    if status or len(lines) != mutations + (HOSTILE if bombs else HOSTILE - BOMBS):
        outcome.faults.append(f"ended with {status} after {len(lines)} images")
    outcome.counts["MB of memory at most"] = max((line[2] for line in lines), default=0) // 2**20
    return outcome


def _hostile(bombs: bool) -> Iterator[tuple[str, bytes]]:
    """Made in another process: making a bomb takes more memory than taking it apart."""
    code = (
        "import pickle, sys; from tests.durability import hostile;"
        f"pickle.dump(hostile.files(bombs={bombs}), sys.stdout.buffer)"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    found = pickle.loads(made.stdout)
    assert len(found) == (HOSTILE if bombs else HOSTILE - BOMBS)
    yield from found


def _child(mutations: int, bombs: bool, seed: int, writing: int) -> None:
    # Pillow warns of what it finds; here that is what it is there for.
    warnings.simplefilter("ignore")
    random = Random(seed)
    known = originals()
    mutated = (
        (name, mutate(data, random))
        for name, data in (known[number % len(known)] for number in range(mutations))
    )
    for name, changed in itertools.chain(_hostile(bombs), mutated):
        looked = images.look(changed)
        small = images.shrink(looked.mime, changed)
        what = "shown" if small.levels else "refused with a reason"
        if not small.levels and not small.problem:
            what = SILENT
        # Where there is a fork there is this module, and nowhere else.
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        memory = peak if sys.platform == "darwin" else peak * 1024
        os.write(writing, json.dumps([name, what, memory]).encode() + b"\n")
