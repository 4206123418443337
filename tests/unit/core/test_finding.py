"""Which places of a text a search marks, and what it shows of a long one."""

import pytest

from kupuri_desktop.core.finding import marks, snippet


def marked(text: str, *wanted: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, wanted)]


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("A red lighthouse, red", ["RED"], ["red", "red"]),
        ("interred", ["red"], []),
        ("Ein Märchen", ["marchen"], ["Märchen"]),
        ("STRASSE und Straße", ["straße"], ["STRASSE", "Straße"]),
        ("ﬁne ﬁsh", ["fi"], ["ﬁ", "ﬁ"]),
        ("call 灯台の人", ["灯台"], ["灯台"]),
        ("red redder", ["red", "redder"], ["red", "redder"]),
        ("a (red) fox", ['"red"'], ["red"]),
        ("nothing", ["*"], []),
    ],
)
def test_words_are_marked_where_they_begin(text, wanted, found):
    assert marked(text, *wanted) == found


def test_a_long_text_is_shown_around_its_first_place_on_one_line():
    text = "word " * 100 + "the\n\n lighthouse " + "word " * 100
    piece = snippet(text, ["light"])
    assert piece.startswith("…word")
    assert piece.endswith("…")
    assert "the lighthouse" in piece
    assert len(piece) < 130
    assert snippet("short", ["x"]) == "short"
