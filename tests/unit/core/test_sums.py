"""Small sums typed into number fields come to their number, and nonsense to none."""

import pytest

from kupuri_desktop.core.sums import sum_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("-8", -8),
        ("64,5", 64.5),
        ("200*2", 400),
        ("1920/3", 640),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - -4", 14),
        ("12 x 3", 36),
        ("12x3", 36),
        ("7÷2", 3.5),
        (".5*4", 2),
    ],
)
def test_a_sum_comes_to_its_number(text: str, number: float) -> None:
    assert sum_in(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    ["", "fox", "nan", "inf", "1e400", "2**3", "1/0", "(1", "1)", "1 2", "*2", "__import__('os')",
     "9" * 101],
)  # fmt: skip
def test_nonsense_is_no_number(text: str) -> None:
    assert sum_in(text) is None


def test_a_sum_can_go_on_from_the_number_that_was_there() -> None:
    assert sum_in("*2", 150) == 300
    assert sum_in("/4", 100) == 25
    assert sum_in("+10", 5) == 15
    assert sum_in("-10", 5) == -10
    assert sum_in("50%", 300) == 150
