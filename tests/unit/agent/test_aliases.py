"""Short names for items."""

import pytest

from kupuri_desktop.agent.aliases import Aliases
from kupuri_desktop.core.errors import NotFound

IDS = ("3f9a0000-1", "3f9a1111-2", "77bc0000-3")


def test_a_name_is_as_short_as_it_can_be() -> None:
    aliases = Aliases(IDS)
    assert aliases.short("77bc0000-3") == "i77bc"
    assert aliases.short("3f9a0000-1") == "i3f9a0"


def test_a_name_leads_back_to_its_item_however_it_is_written() -> None:
    aliases = Aliases(IDS)
    for item in IDS:
        short = aliases.short(item)
        for written in (short, short.upper(), f"#{short}", f"`{short}`", short[1:], item):
            assert aliases.resolve(written) == item


@pytest.mark.parametrize("name", ["", "i", "i3f9a", "x", "../../etc/passwd", "i77bcffff"])
def test_a_name_of_none_or_of_two_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(NotFound) as caught:
        Aliases(IDS).resolve(name)
    assert "i77bc" in caught.value.hint


def test_ids_that_begin_alike_in_full_are_still_told_apart() -> None:
    aliases = Aliases(("abcd", "abcde"))
    assert aliases.resolve(aliases.short("abcd")) == "abcd"
    assert aliases.resolve(aliases.short("abcde")) == "abcde"
