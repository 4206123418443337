"""The pictures of the fake ComfyUI: real PNGs with its text chunks, and real JPEG previews."""

import hashlib
import io
import json
import struct
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from tests.fakes.comfyui_graph import Graph, is_link, signature

JPEG_FRAME, PREVIEW, PREVIEW_WITH_METADATA = 1, 1, 4


@dataclass(frozen=True)
class Picture:
    """What flows along an image or latent link: size, how many, and the colours."""

    width: int
    height: int
    batch: int
    dark: tuple[int, int, int]
    light: tuple[int, int, int]

    def image(self, number: int = 0) -> Image.Image:
        if self.dark == self.light:
            return Image.new("RGB", (self.width, self.height), self.dark)
        ramp = Image.linear_gradient("L").resize((self.width, self.height))
        if number % 2:
            ramp = ImageOps.flip(ramp)
        return ImageOps.colorize(ramp, self.dark, self.light)

    def png(self, number: int, prompt: Graph, extra: dict[str, Any]) -> bytes:
        """As SaveImage writes it: `prompt`, and each key of `extra_pnginfo`, as JSON."""
        chunks = PngInfo()
        chunks.add_text("prompt", json.dumps(prompt))
        for key, value in extra.items():
            chunks.add_text(key, json.dumps(value))
        buffer = io.BytesIO()
        self.image(number).save(buffer, "PNG", pnginfo=chunks, compress_level=1)
        return buffer.getvalue()

    def bare_png(self, number: int) -> bytes:
        buffer = io.BytesIO()
        self.image(number).save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()

    def preview(self) -> bytes:
        """A small JPEG, an eighth of the size as latents are."""
        buffer = io.BytesIO()
        size = (max(self.width // 8, 1), max(self.height // 8, 1))
        self.image().resize(size).save(buffer, "JPEG", quality=95)
        return buffer.getvalue()


def picture(graph: Graph, number: str, uploads: dict[str, bytes]) -> Picture:
    """The picture that a node hands on."""
    node = graph[number]
    inputs = node["inputs"]

    def source(name: str) -> Picture:
        return picture(graph, inputs[name][0], uploads)

    digest = hashlib.sha256(signature(graph, number).encode()).digest()
    dark, light = (digest[0] // 3, digest[1] // 3, digest[2] // 2), (255, digest[3], digest[4])
    match node["class_type"]:
        case "EmptyImage":
            colour = inputs["color"]
            plain = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
            return Picture(inputs["width"], inputs["height"], inputs["batch_size"], plain, plain)
        case "EmptyLatentImage" | "EmptySD3LatentImage":
            width, height = (inputs[side] // 8 * 8 for side in ("width", "height"))
            return Picture(width, height, inputs["batch_size"], dark, light)
        case "LoadImage":
            with Image.open(io.BytesIO(uploads[inputs["image"]])) as opened:
                return Picture(*opened.size, 1, dark, light)
        case "ImageScale":
            return Picture(inputs["width"], inputs["height"], 1, dark, light)
        case "KSampler":
            latent = source("latent_image")
            return Picture(latent.width, latent.height, latent.batch, dark, light)
        case "ImageCompositeMasked":
            return source("destination")
        case _:
            name = next(
                key
                for key in ("samples", "pixels", "images", "image", "mask")
                if is_link(inputs.get(key))
            )
            return source(name)


def frame(kind: int, payload: bytes, metadata: dict[str, Any] | None = None) -> bytes:
    """A binary message: type, then image format or length and JSON, then the image."""
    if metadata is None:
        return struct.pack(">II", PREVIEW, kind) + payload
    text = json.dumps(metadata).encode()
    return struct.pack(">II", PREVIEW_WITH_METADATA, len(text)) + text + payload
