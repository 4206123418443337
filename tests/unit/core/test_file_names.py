"""Names of files, from patterns and from words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.file_names import FIELDS, LONGEST, expanded, numbered, safe, slug

FACTS = {"project": "Posters", "name": "Fox / wild: 2", "number": "07", "seed": "42", "prompt": ""}


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{name}", "Fox - wild- 2"),
        ("{project}-{number}", "Posters-07"),
        ("{project}_{prompt}_{seed}", "Posters_42"),
        ("{project} - {prompt} - {seed}", "Posters - 42"),
        ("{nothing} {seed}", "{nothing} 42"),
        ("  .hidden. ", "hidden"),
        ("", "image"),
        ("{prompt}", "image"),
        ("con", "con_"),
        ("LPT1.txt", "LPT1.txt_"),
        ("a/b\\c", "a-b-c"),
        ("röd – 日本", "röd – 日本"),
        ("a\u202eb", "a-b"),
    ],
)
def test_a_pattern_becomes_a_name_that_three_systems_take(pattern: str, name: str) -> None:
    assert expanded(pattern, FACTS) == name


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_words_make_a_name_that_some_system_refuses(pattern: str, fact: str) -> None:
    name = expanded(pattern, dict.fromkeys(FIELDS, fact))
    assert 0 < len(name) <= LONGEST + 1
    assert len(f"{name}-9999.tiff".encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*') and name.isprintable() | (not name.isascii())
    assert name[0] not in ". " and name[-1] not in ". "
    assert safe(name) == safe(safe(name))


@given(st.lists(st.text(string.ascii_letters + "é", min_size=1, max_size=3)))
def test_no_two_names_are_one_file_where_case_does_not_count(names: list[str]) -> None:
    told = numbered(names)
    assert len({name.casefold() for name in told}) == len(names)


def test_clashing_names_are_numbered_in_their_order() -> None:
    assert numbered(["Fox", "fox", "a", "Fox", "fox-2"]) == [
        "Fox",
        "fox-2",
        "a",
        "Fox-3",
        "fox-2-2",
    ]


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("A sunset, wide!", "a-sunset-wide"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con_"),
        ("   ", "image"),
        ("日の出", "日の出"),
        ("x" * 500, "x" * 60),
    ],
)
def test_what_nobody_named_is_called_by_its_words_in_short(words: str, stem: str) -> None:
    assert slug(words) == stem
