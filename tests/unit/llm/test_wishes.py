"""What the built-in assistant understands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.generation import MAX_COUNT, MAX_SEED, parse_aspect
from kupuri_desktop.core.paths import resource
from kupuri_desktop.llm.lexicon import Lexicons
from kupuri_desktop.llm.wishes import Arrange, Draw, LastImage, Say, understand

LEXICONS = Lexicons.load(resource("prompts", "assistant.json"))
LAST = LastImage({"prompt": "the sea", "aspect": "16:9", "seed": 5, "count": 2}, ("i3f9a", "i77bc"))
SEA = {"prompt": "the sea", "aspect": "16:9"}

DRAWN: list[tuple[str, dict[str, Any]]] = [
    ("Generate a sunset landscape", {"prompt": "sunset landscape"}),
    ("Please can you draw me a cat?", {"prompt": "cat"}),
    ("Hi, paint a cat, please", {"prompt": "cat"}),
    ("sunset over mountains", {"prompt": "sunset over mountains"}),
    ("three variations of a paper boat", {"prompt": "paper boat", "count": 3}),
    ("create 4 images of owls", {"prompt": "owls", "count": 4}),
    ("owls x4", {"prompt": "owls", "count": 4}),
    ("Generate 99 images of ants", {"prompt": "ants", "count": 16}),
    ("generate two pictures of a fox, wide", {"prompt": "fox", "count": 2, "aspect": "16:9"}),
    ("paint a wide river", {"prompt": "wide river", "aspect": "16:9"}),
    ("a portrait of a woman", {"prompt": "portrait of a woman", "aspect": "3:4"}),
    ("draw a lighthouse, 16:9", {"prompt": "lighthouse", "aspect": "16:9"}),
    ("draw a lighthouse 1024x768", {"prompt": "lighthouse", "aspect": "1024x768"}),
    ("a square image of a lamp", {"prompt": "lamp", "aspect": "1:1"}),
    ("a landscape in portrait orientation", {"prompt": "landscape", "aspect": "3:4"}),
    ("a forest in watercolour style", {"prompt": "forest", "style": "watercolour"}),
    ("a wave in the style of Hokusai", {"prompt": "wave", "style": "Hokusai"}),
    ("a forest without people", {"prompt": "forest", "negative_prompt": "people"}),
    ("a street, no text, no cars", {"prompt": "street", "negative_prompt": "text, cars"}),
    ("draw a castle seed 42", {"prompt": "castle", "seed": 42}),
    ("make a video camera on a table", {"prompt": "video camera on a table"}),
    ("another picture of a dog", {"prompt": "dog"}),
    ("Zeichne einen Leuchtturm, Querformat", {"prompt": "Leuchtturm", "aspect": "3:2"}),
    ("Male ein Boot ohne Menschen", {"prompt": "Boot", "negative_prompt": "Menschen"}),
    ("Genera una puesta de sol, cuadrada", {"prompt": "puesta de sol", "aspect": "1:1"}),
    ("tres variaciones de un barco", {"prompt": "barco", "count": 3}),
    ("Dessine un chat, format carré", {"prompt": "chat", "aspect": "1:1"}),
    ("dessine trois images d'un chat", {"prompt": "chat", "count": 3}),
    ("画一只猫，横版", {"prompt": "猫", "aspect": "3:2"}),
    ("生成三张日落的图片", {"prompt": "日落", "count": 3}),
]


@pytest.mark.parametrize(("text", "arguments"), DRAWN)
def test_a_wish_is_understood(text: str, arguments: dict[str, Any]) -> None:
    assert understand(text, None, LEXICONS)[1] == Draw(arguments)


GONE_ON: list[tuple[str, dict[str, Any]]] = [
    ("another", SEA),
    ("again", SEA),
    ("one more please", SEA | {"count": 1}),
    ("three more", SEA | {"count": 3}),
    ("again, but at night", SEA | {"prompt": "the sea, at night"}),
    ("make it blue", SEA | {"prompt": "the sea, blue", "variation_of": "i77bc"}),
    ("variations of the last image", SEA | {"count": 3, "variation_of": "i77bc"}),
    ("make four variants of it", SEA | {"count": 4, "variation_of": "i77bc"}),
    ("noch eins", SEA),
    ("nochmal, aber bei Nacht", SEA | {"prompt": "the sea, bei Nacht"}),
    ("drei Varianten vom letzten Bild", SEA | {"count": 3, "variation_of": "i77bc"}),
    ("otra", SEA),
    ("encore, mais de nuit", SEA | {"prompt": "the sea, de nuit"}),
    ("再来一张", SEA),
    ("三个变体", SEA | {"count": 3, "variation_of": "i77bc"}),
]


@pytest.mark.parametrize(("text", "arguments"), GONE_ON)
def test_it_goes_on_from_the_last_image(text: str, arguments: dict[str, Any]) -> None:
    assert understand(text, LAST, LEXICONS)[1] == Draw(arguments)


@pytest.mark.parametrize("text", ["another", "make it blue", "variations of it", "三个变体"])
def test_without_a_last_image_it_says_so(text: str) -> None:
    assert understand(text, None, LEXICONS)[1] == Say("nothing_yet")


SAID = [
    ("hi", "greeting"),
    ("Hello!", "greeting"),
    ("", "greeting"),
    ("generate an image", "greeting"),
    ("thanks", "thanks"),
    ("help", "help"),
    ("what can you do?", "help"),
    ("was kannst du?", "help"),
    ("What is the capital of France?", "cannot"),
    ("write me a poem", "cannot"),
    ("make a video of a cat", "cannot"),
    ("remove the background", "cannot"),
    ("Schreibe ein Gedicht", "cannot"),
    ("你好", "greeting"),
]


@pytest.mark.parametrize(("text", "reply"), SAID)
def test_what_it_cannot_do_it_says(text: str, reply: str) -> None:
    assert understand(text, LAST, LEXICONS)[1] == Say(reply)


def test_images_are_arranged() -> None:
    assert understand("arrange the images in a row", None, LEXICONS)[1] == Arrange("row")
    assert understand("tidy up", None, LEXICONS)[1] == Arrange("grid")
    assert understand("Ordne alles in einem Raster", None, LEXICONS)[1] == Arrange("grid")


def test_it_answers_in_the_language_of_the_wish() -> None:
    wishes = {
        "en": "draw a cat",
        "de": "zeichne eine Katze",
        "es": "dibuja un gato",
        "fr": "dessine un chat",
        "zh": "画一只猫",
    }
    for language, text in wishes.items():
        assert understand(text, None, LEXICONS)[0].language == language


def test_every_language_has_every_reply() -> None:
    english = LEXICONS.choose("hello").replies
    for text in ("hallo", "hola", "bonjour", "你好"):
        replies = LEXICONS.choose(text).replies
        assert replies is not english and replies.keys() == english.keys()


@given(st.text(max_size=300), st.booleans())
def test_whatever_is_written_gives_sound_arguments(text: str, has_last: bool) -> None:
    _, intent = understand(text, LAST if has_last else None, LEXICONS)
    if isinstance(intent, Draw):
        assert intent.arguments["prompt"].strip()
        assert 1 <= intent.arguments.get("count", 1) <= MAX_COUNT
        assert 0 <= intent.arguments.get("seed", 0) <= MAX_SEED
        if "aspect" in intent.arguments:
            parse_aspect(intent.arguments["aspect"])


def test_a_very_long_text_is_read_quickly_and_in_part() -> None:
    _, intent = understand("draw " + "a very " * 100_000, None, LEXICONS)
    assert isinstance(intent, Draw) and len(intent.arguments["prompt"]) <= 4000
