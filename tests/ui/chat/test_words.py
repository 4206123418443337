"""Proves that a tool call is told in words, and that its arguments are shown as they are."""

from kupuri_desktop.core.chat import ToolCallPart, ToolState
from kupuri_desktop.ui.chat.words import exact, line_of, title_of, visible, words_of


def test_a_known_tool_has_a_name_in_words_and_an_unknown_one_its_own() -> None:
    assert words_of("generate_image").running == "Making images"
    assert words_of("files__read_all").asks.startswith("Files")


def test_a_finished_call_says_how_many_images_it_made() -> None:
    call = ToolCallPart("c", "generate_image", {}, ToolState.DONE, items=("a", "b"))
    assert title_of(call) == "Made 2 images"


def test_the_line_tells_the_prompt_first_and_leaves_out_what_is_empty() -> None:
    line = line_of({"count": 4, "style": "", "prompt": "a\nfox", "aspect": "16:9", "ids": ["x"]})
    assert line == "a fox · 4 images · 16:9 · 1 ids"


def test_the_exact_arguments_hide_no_direction_or_control_character() -> None:
    text = exact({"path": "a\u202egnp.exe\x00", "ids": ["i1", "i2"], "note": "two\nlines"})
    assert 'ids: ["i1", "i2"]' in text
    assert "\\u202e" in text and "\u202e" not in text
    assert "\x00" not in text
    assert '"two\\nlines"' in text


def test_what_prints_stays_as_it_is() -> None:
    assert visible("Grüße, 世界 🌅") == "Grüße, 世界 🌅"
