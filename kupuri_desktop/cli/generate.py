"""`kupuri generate`: one wish, carried out as in the window, its images written into a folder."""

import argparse

from kupuri_desktop.cli.output import Output
from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.generation import MAX_COUNT, MAX_SEED, parse_aspect
from kupuri_desktop.core.models import ModelRef

SUMMARY = "make images from a wish"
PROJECT = "Command line"
"""The project of wishes that name none."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", metavar="PROMPT", help="the wish, in your own words")
    parser.add_argument("--count", type=_count, metavar="N", help="how many images")
    parser.add_argument("--aspect", type=_aspect, metavar="W:H", help="for example 16:9")
    parser.add_argument(
        "--llm", type=_model, metavar="PROVIDER:MODEL", help="who reads the wish, for this time"
    )
    parser.add_argument(
        "--image", type=_model, metavar="PROVIDER:MODEL", help="who makes the images, this time"
    )
    parser.add_argument("--seed", type=_seed, metavar="N", help="the same seed, the same image")
    parser.add_argument(
        "--project", metavar="NAME", default=PROJECT, help=f"its name or id (“{PROJECT}”)"
    )
    parser.add_argument("--out", metavar="FOLDER", help="where the images go (the current folder)")
    parser.add_argument(
        "--direct", action="store_true", help="straight to the image model, with no language model"
    )


async def run(options: argparse.Namespace, output: Output) -> int:
    from kupuri_desktop.cli.turn import carry_out

    return await carry_out(options, output)


def _count(text: str) -> int:
    return _number(text, 1, MAX_COUNT)


def _seed(text: str) -> int:
    return _number(text, 0, MAX_SEED)


def _number(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number") from None
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{number} is not between {least} and {most}")
    return number


def _aspect(text: str) -> str:
    try:
        parse_aspect(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(f"{error.message} {error.hint}") from None
    return text


def _model(text: str) -> ModelRef:
    try:
        return ModelRef.parse(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(f"{error.message} {error.hint}") from None
