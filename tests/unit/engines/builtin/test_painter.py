"""The painter: the same wish gives the same picture, at any size, in any of its languages."""

import itertools

import numpy as np
import pytest
from PIL import Image

from kupuri_desktop.core.paths import resource
from kupuri_desktop.engines.builtin.painter import Painter, subject_of
from kupuri_desktop.engines.builtin.words import (
    ABSTRACTS,
    GUESTS,
    PATTERNS,
    PLACES,
    SEASONS,
    SKY_WORDS,
    STYLES,
    TIMES,
)

EVERY_WORD = (
    *PLACES, *TIMES, *SKY_WORDS, *GUESTS, *SEASONS, *PATTERNS, *ABSTRACTS, "poster", "vaporwave",
)  # fmt: skip


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter.from_folder(resource("painter"))


def painted(painter: Painter, words: str, seed: int = 1, width=96, height=64) -> Image.Image:
    *_, last = painter.paint(words, seed, width, height)
    assert last.picture is not None
    return last.picture


def difference(one: Image.Image, other: Image.Image) -> float:
    a, b = (np.asarray(picture, dtype=float) for picture in (one, other))
    return float(np.abs(a - b).mean())


@pytest.mark.parametrize("words", ["sunset landscape", "tiles", "bauhaus", "qwertz", "retro city"])
def test_the_same_words_seed_and_size_give_the_same_pixels(painter, words):
    again = Painter.from_folder(resource("painter"))
    assert painted(painter, words).tobytes() == painted(again, words).tobytes()


@pytest.mark.parametrize("words", ["sunset landscape", "mountains", "flow field", "gradient"])
def test_different_seeds_differ_visibly(painter, words):
    pictures = [painted(painter, words, seed) for seed in (1, 2, 3)]
    assert all(difference(a, b) > 8 for a, b in itertools.combinations(pictures, 2))


def test_different_words_differ_visibly(painter):
    assert difference(painted(painter, "forest at night"), painted(painter, "desert at noon")) > 20


@pytest.mark.parametrize("word", EVERY_WORD)
def test_every_concept_gives_a_picture_with_something_in_it(painter, word):
    pixels = np.asarray(painted(painter, word), dtype=float)
    assert pixels.std() > 6
    assert pixels[:, :, 0].std() + pixels[:, :, 2].std() > 6


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("subject", ["mountain lake at dawn", "geometric pattern"])
def test_every_style_changes_the_picture_and_leaves_something_to_see(painter, style, subject):
    plain = painted(painter, subject, width=128, height=96)
    styled = painted(painter, f"{subject} {style}", width=128, height=96)
    assert difference(plain, styled) > 4
    assert np.asarray(styled, dtype=float).std() > 4


@pytest.mark.parametrize(
    "size", [(64, 64), (2048, 64), (64, 512), (97, 131), (8, 8), (640, 360), (360, 640)]
)
@pytest.mark.parametrize("words", ["lake at sunset with a boat", "terrazzo", "blobs", "city"])
def test_any_size_and_aspect_can_be_painted(painter, words, size):
    assert painted(painter, words, 1, *size).size == size


@pytest.mark.parametrize("words", ["mountain lake at sunset", "starry night", "city at dusk"])
def test_the_sketch_shows_the_same_composition_as_the_picture(painter, words):
    passes = list(painter.paint(words, 5, 512, 384))
    sketch = next(each.picture for each in passes if each.picture is not None)
    final = passes[-1].picture
    assert final is not None
    assert sketch.size != final.size
    small = (48, 36)
    assert difference(sketch.resize(small), final.resize(small)) < 7


def test_progress_only_grows_and_ends_at_one(painter):
    fractions = [each.fraction for each in painter.paint("forest in fog", 1, 512, 512)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert len(fractions) > 5


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Generate a sunset landscape", {"sunset"}),
        ("un atardecer en la montaña", {"sunset", "mountains"}),
        ("coucher de soleil sur la mer", {"sunset", "sea"}),
        ("Sonnenuntergang über dem Gebirge", {"sunset", "mountains"}),
        ("tramonto sul lago", {"sunset", "lake"}),
        ("pôr do sol na praia", {"sunset", "sea"}),
        ("закат над горами и озеро", {"sunset", "lake"}),
        ("山の夕焼け", {"mountains", "sunset"}),
        ("海边的日落", {"sea", "sunset"}),
        ("노을이 지는 바다", {"sunset", "sea"}),
        ("غروب الشمس فوق البحر", {"sunset", "sea"}),
        ("समुद्र पर सूर्यास्त", {"sea", "sunset"}),
        ("SAKURA blossoms, 8-bit PIXEL ART", {"flowers", "pixel"}),
        ("zachód słońca nad morzem, akwarela", {"sunset", "watercolor"}),
    ],
)
def test_the_main_concepts_are_understood_in_many_languages(painter, words, expected):
    assert expected <= painter.understand(words).concepts


def test_what_is_negated_is_not_painted(painter):
    wish = painter.understand("a sea without clouds and no boat")
    assert wish.has("sea")
    assert not wish.has("cloud", "boat")
    assert not painter.understand("sea with a boat", without="boat").has("boat")


def test_a_word_inside_of_another_is_not_taken_for_it(painter):
    assert not painter.understand("a pineapple and a sundae, season tickets").concepts


def test_colour_words_are_kept_in_their_order(painter):
    assert painter.understand("teal and orange waves").colours == ("teal", "orange")


def test_colour_words_turn_the_colours(painter):
    def hue_of(words: str):
        red, _, blue = np.asarray(painted(painter, words), dtype=float).mean(axis=(0, 1))
        return red - blue

    assert hue_of("red waves pattern") > hue_of("blue waves pattern") + 30
    assert hue_of("orange mountains at noon") > hue_of("blue mountains at noon") + 15


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("sunset landscape", "landscape"),
        ("a lighthouse", "landscape"),
        ("herringbone", "pattern"),
        ("waves at the sea", "landscape"),
        ("seamless floral pattern", "pattern"),
        ("poster", "poster"),
        ("poster of a desert", "landscape"),
        ("bauhaus", "abstract"),
        ("my cat Theodora", "abstract"),
        ("", "abstract"),
    ],
)
def test_the_words_decide_what_kind_of_picture_it_is(painter, words, subject):
    assert subject_of(painter.understand(words))[0] == subject


@pytest.mark.parametrize("words", ["", " ", "\0", "((((", "🌋" * 200, "a " * 5000, "ﷺ", "#"])
def test_odd_words_still_give_a_picture(painter, words):
    assert painted(painter, words).size == (96, 64)
