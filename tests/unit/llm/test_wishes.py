"""What the built-in assistant understands of a wish."""

import pytest

from kupuri_desktop.core.paths import resource
from kupuri_desktop.llm.lexicon import Lexicons
from kupuri_desktop.llm.wishes import Arrange, Draw, LastImage, Say, understand

LEXICONS = Lexicons.load(resource("prompts", "assistant.json"))
LAST = LastImage({"prompt": "a lake", "seed": 4, "count": 2}, ("item-1", "item-2"))


def asked(text, last=None):
    return understand(text, last, LEXICONS)[1]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("Generate a sunset landscape", {"prompt": "sunset landscape"}),
        (
            "a sunset landscape, wide, three variants",
            {"prompt": "sunset landscape", "aspect": "16:9", "count": 3},
        ),
        (
            "Generate a sunset landscape, wide, three variants",
            {"prompt": "sunset landscape", "aspect": "16:9", "count": 3},
        ),
        ("two cats on a roof, 4 variations", {"prompt": "two cats on a roof", "count": 4}),
        ("three variations of a red fox", {"prompt": "red fox", "count": 3}),
        ("draw 3 pictures of mountains", {"prompt": "mountains", "count": 3}),
        ("paint a harbour, 1024x768", {"prompt": "harbour", "aspect": "1024x768"}),
        ("a forest in watercolour style", {"prompt": "forest", "style": "watercolour"}),
        ("a street without people", {"prompt": "street", "negative_prompt": "people"}),
    ],
)
def test_a_wish_is_taken_apart(text, arguments):
    intent = asked(text)
    assert isinstance(intent, Draw)
    for name, value in arguments.items():
        found = intent.arguments[name]
        assert found == value or (name == "prompt" and found.endswith(value)), (name, found)
    assert set(intent.arguments) == set(arguments)


def test_variations_go_on_from_the_last_image():
    intent = asked("three variations", LAST)
    assert isinstance(intent, Draw)
    assert intent.arguments["prompt"] == "a lake"
    assert intent.arguments["count"] == 3
    assert intent.arguments["variation_of"] == "item-2"
    assert "seed" not in intent.arguments


@pytest.mark.parametrize("text", ["another", "again", "one more"])
def test_another_is_the_same_with_a_new_seed(text):
    intent = asked(text, LAST)
    assert isinstance(intent, Draw)
    assert intent.arguments["prompt"] == "a lake"
    assert "seed" not in intent.arguments


def test_variations_of_nothing_are_answered_not_guessed():
    assert asked("three variations") == Say("nothing_yet")


@pytest.mark.parametrize("text", ["Hello", "hi!"])
def test_a_greeting_is_greeted(text):
    assert asked(text) == Say("greeting")


@pytest.mark.parametrize("text", ["What is the capital of France?", "make a video of a cat"])
def test_what_it_cannot_do_is_said(text):
    assert asked(text) == Say("cannot")


def test_arranging_names_the_layout():
    assert asked("arrange them in a row", LAST) == Arrange("row")
