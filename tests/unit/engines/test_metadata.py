"""What travels in a PNG's text chunks, read back by Pillow, which knows nothing of our writer."""

import io
import json
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from kupuri_desktop.core.errors import HostileFile
from kupuri_desktop.core.items import Making
from kupuri_desktop.engines import metadata

GRAPH = {
    "3": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
    "4": {"class_type": "SaveImage", "inputs": {"images": ["3", 0], "filename_prefix": "höhe"}},
}
MAKING = Making("a sunset, wide", "comfyui:sdxl.safetensors", 7, 64, 48, steps=20, guidance=7.0)


def picture(info: PngImagePlugin.PngInfo | None = None) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def before_pixels(png: bytes, added: bytes) -> bytes:
    place = png.index(b"IDAT") - 4
    return png[:place] + added + png[place:]


def pillow_texts(png: bytes) -> dict[str, str]:
    with Image.open(io.BytesIO(png)) as image:
        assert isinstance(image, PngImagePlugin.PngImageFile)
        image.load()
        return dict(image.text)


def pixels(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as image:
        return image.tobytes()


def test_a_graph_made_image_carries_the_graph_in_comfyuis_own_key():
    texts = pillow_texts(metadata.write(picture(), MAKING, {"prompt": json.dumps(GRAPH)}))
    assert json.loads(texts["prompt"]) == GRAPH
    assert "workflow" not in texts


def test_graphs_are_ascii_so_that_older_pages_read_them_too():
    png = metadata.write(picture(), MAKING, {"prompt": json.dumps(GRAPH, ensure_ascii=False)})
    assert pillow_texts(png)["prompt"].isascii()
    assert b"tEXtprompt\0" in png


def test_a_graph_with_nan_becomes_json_that_a_browser_accepts():
    graph = '{"1": {"class_type": "X", "is_changed": [NaN]}}'
    texts = pillow_texts(metadata.write(picture(), MAKING, {"prompt": graph}))
    assert json.loads(texts["prompt"])["1"]["is_changed"] == [None]


def test_without_a_graph_none_is_invented():
    texts = pillow_texts(metadata.write(picture(), MAKING, {"prompt": "{}", "other": "x"}))
    assert set(texts) == {"parameters", "kupuri"}


def test_a_painted_image_has_no_line_that_comfyui_would_make_a_graph_of():
    making = Making("stars", "builtin:painter", 3, 64, 48)
    assert "\nSteps:" not in metadata.parameters(making)
    assert "Seed: 3, Size: 64x48, Model: builtin:painter" in metadata.parameters(making)


def test_the_human_text_reads_prompt_then_negative_prompt_then_settings():
    making = Making("a", "m:x", 1, 64, 48, negative_prompt="b", steps=4, guidance=1.5)
    lines = metadata.parameters(making).splitlines()
    assert lines[:2] == ["a", "Negative prompt: b"]
    assert lines[2].startswith("Steps: 4, CFG scale: 1.5, Seed: 1, Size: 64x48, Model: m:x")


def test_the_pixels_are_the_same_bytes_after_writing_and_stripping():
    png = picture()
    written = metadata.write(png, MAKING, {"prompt": json.dumps(GRAPH)})
    idat = png[png.index(b"IDAT") : png.index(b"IEND")]
    assert idat in written
    assert metadata.strip(written) == png


@pytest.mark.parametrize("words", ["日の出 и закат", "übergroß", "🌅 sunset", "line\nline"])
def test_words_of_any_language_come_back_whole(words):
    making = Making(words, "m:x", 1, 64, 48)
    texts = pillow_texts(metadata.write(picture(), making, {}))
    assert json.loads(texts["kupuri"])["prompt"] == words
    assert texts["parameters"].startswith(words)


def test_what_was_written_is_read_back_as_the_same_making():
    png = metadata.write(picture(), MAKING, {"prompt": json.dumps(GRAPH)})
    texts = metadata.read(png)
    assert texts == pillow_texts(png)
    assert metadata.making_of(texts) == MAKING


def test_writing_again_replaces_and_leaves_foreign_texts_alone():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Ada")
    info.add_text("parameters", "old")
    info.add_itxt("prompt", '{"old": {}}')
    png = metadata.write(metadata.write(picture(info), MAKING, {}), MAKING, {})
    texts = pillow_texts(png)
    assert texts["Author"] == "Ada"
    assert "prompt" not in texts
    assert png.count(b"tEXtparameters") == 1


def test_stripping_leaves_colour_chunks_and_drops_all_that_talks():
    profile = chunk(b"gAMA", struct.pack(">I", 45455))
    told = (
        chunk(b"tEXt", b"prompt\0secret")
        + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"secret"))
        + chunk(b"iTXt", b"b\0\0\0\0\0secret")
        + chunk(b"eXIf", b"MM\0*secret")
        + chunk(b"comf", b"prompt\0secret")
    )
    png = before_pixels(picture(), profile + told) + b"secret"
    stripped = metadata.strip(png)
    assert b"secret" not in stripped
    assert b"gAMA" in stripped
    assert pixels(stripped) == pixels(png)


def test_packed_texts_are_read():
    added = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"one")) + chunk(
        b"iTXt", b"b\0\1\0de\0B\0" + zlib.compress("zwölf".encode())
    )
    png = before_pixels(picture(), added)
    assert metadata.read(png) == {"a": "one", "b": "zwölf"} == pillow_texts(png)


def test_a_packed_bomb_is_left_out_and_the_rest_is_read():
    bomb = zlib.compress(bytes(metadata.MAX_TEXT * 4))
    added = chunk(b"zTXt", b"bomb\0\0" + bomb) + chunk(b"tEXt", b"a\0one")
    assert metadata.read(before_pixels(picture(), added)) == {"a": "one"}


def test_a_flood_of_texts_is_cut_off():
    flood = b"".join(chunk(b"tEXt", b"k%d\0x" % n) for n in range(500))
    assert len(metadata.read(before_pixels(picture(), flood))) == metadata.MAX_TEXTS


@pytest.mark.parametrize(
    "body",
    [b"", b"no end", b"\0empty name", b"n" * 80 + b"\0long", b"k\0", b"k\0\1", b"k\0\1\0\0\0bad"],
)
@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
def test_a_malformed_text_harms_nobody(kind, body):
    added = chunk(kind, body) + chunk(b"tEXt", b"a\0one")
    assert metadata.read(before_pixels(picture(), added))["a"] == "one"


def test_of_a_file_cut_anywhere_the_texts_before_the_cut_are_read():
    png = metadata.write(picture(), MAKING, {})
    whole = metadata.read(png)
    for cut in range(8, len(png), 97):
        assert metadata.read(png[:cut]).items() <= whole.items()
        metadata.strip(png[:cut])


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"\xff\xd8\xff\xe0 jpeg", b"GIF89a"])
def test_what_is_no_png_is_refused(data):
    for act in (metadata.read, metadata.strip, lambda d: metadata.write(d, MAKING, {})):
        with pytest.raises(HostileFile):
            act(data)


def test_a_png_without_pixels_takes_no_texts():
    with pytest.raises(HostileFile):
        metadata.write(metadata.SIGNATURE + chunk(b"IEND", b""), MAKING, {})


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "1", '{"prompt": "a"}', "[" * 5000, '{"seed": -1}',
     '{"prompt":"a","model":"m","seed":1e400,"width":1,"height":1}',
     '{"prompt":"a","model":"m","seed":-1,"width":1,"height":1}'],
)  # fmt: skip
def test_a_kupuri_chunk_that_makes_no_sense_is_no_making(text):
    assert metadata.making_of({"kupuri": text}) is None
