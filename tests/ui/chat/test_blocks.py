"""Proves that text falls into the same blocks whether it comes at once or letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.ui.chat.blocks import LIST_LIMIT, Block, BlockKind, Blocks, split

SAMPLE = """# A title
with words

- one
- two

  still two

- three

Words again.

```python
a = 1

b = 2
```
After it.

| a | b |
|---|---|
| 1 | 2 |
"""


def kinds(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in split(text)]


def test_blank_lines_part_paragraphs_but_not_lists_and_code() -> None:
    assert kinds(SAMPLE) == [
        (BlockKind.PROSE, "# A title\nwith words"),
        (BlockKind.PROSE, "- one\n- two\n\n  still two\n\n- three"),
        (BlockKind.PROSE, "Words again."),
        (BlockKind.CODE, "a = 1\n\nb = 2"),
        (BlockKind.PROSE, "After it."),
        (BlockKind.PROSE, "| a | b |\n|---|---|\n| 1 | 2 |"),
    ]


def test_code_knows_its_language_and_shows_before_its_end_has_come() -> None:
    block = split("Look:\n\n```rust ignore\nfn main() {")[-1]
    assert (block.kind, block.language, block.text) == (BlockKind.CODE, "rust", "fn main() {")


def test_a_fence_is_closed_by_one_of_its_kind_and_length_alone() -> None:
    assert kinds("````\n```\n~~~~\n````\nend")[0] == (BlockKind.CODE, "```\n~~~~")


def test_a_fence_inside_a_list_stays_in_the_list() -> None:
    assert len(split("- one\n\n  ```\n  a\n\n  b\n  ```\n- two")) == 1


def test_a_long_list_goes_on_in_another_block_with_its_number() -> None:
    blocks = split("\n".join(f"{n}. item number {n}" for n in range(1, 200)))
    assert len(blocks) > 1
    assert all(len(block.text) < 2 * LIST_LIMIT for block in blocks)
    assert blocks[1].text.split(".")[0].isdigit()


@given(st.text(alphabet="ab \n`~-1.|#>\r\t", max_size=200), st.integers(1, 7))
def test_growing_text_ends_in_the_same_blocks(text: str, step: int) -> None:
    grown = Blocks()
    text = text.replace("\r", "")
    for start in range(0, len(text), step):
        grown.grow(text[start : start + step])
    assert grown.text == text
    assert "".join(_letters(grown.items)) == "".join(_letters(split(text)))


@given(st.text(alphabet="ab \n`~-1.|#>", max_size=120))
def test_only_the_last_block_changes_while_text_grows(text: str) -> None:
    grown = Blocks()
    for letter in text:
        before = list(grown.items)
        first = grown.grow(letter)
        assert first >= len(before) - 1
        assert grown.items[:first] == before[:first]


@pytest.mark.parametrize("text", ["", "\n\n", "   "])
def test_nothing_gives_no_blocks(text: str) -> None:
    assert split(text) == []


def _letters(blocks: list[Block]) -> list[str]:
    return [block.text.replace("\n", "").replace(" ", "") for block in blocks]
