"""The command line as data: the commands, their options, and which of them was meant."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from kupuri_desktop import __version__

COMMANDS = ("generate", "doctor", "projects", "export")
VALUES = ("--data",)
"""Options before the command that take a value."""


def command_in(argv: Sequence[str]) -> str | None:
    """The command that the arguments name, if any: their first word that is no option."""
    words = iter(argv)
    for word in words:
        if word in VALUES:
            next(words, None)
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def module_of(command: str) -> ModuleType:
    """The module of a command: it has SUMMARY, `arguments(parser)` and `run(options, output)`."""
    return import_module(f"kupuri_desktop.cli.{command}")


def parser() -> argparse.ArgumentParser:
    """Knows every command; a wrong use ends with exit code 2, as argparse has it."""
    top = argparse.ArgumentParser(
        prog="kupuri",
        description="An AI design studio on an infinite canvas, on your own machine. "
        "Without a command the window opens, with the FILEs given on its canvas.",
        usage="kupuri [--data FOLDER] [FILE ...]\n       kupuri COMMAND [OPTION ...]",
    )
    top.add_argument("--version", action="version", version=f"kupuri {__version__}")
    _add_data(top, "the folder of Kupuri's data (or KUPURI_DATA)", None)
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="kupuri"
    )
    for command in COMMANDS:
        module = module_of(command)
        own = commands.add_parser(command, help=module.SUMMARY, description=module.SUMMARY)
        _add_data(own, "the folder of Kupuri's data (or KUPURI_DATA)", argparse.SUPPRESS)
        own.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        module.arguments(own)
    return top


def window_arguments(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """The data folder and the files of a start without a command; exits with 2 on wrong use."""
    window = argparse.ArgumentParser(prog="kupuri", usage="kupuri [--data FOLDER] [FILE ...]")
    _add_data(window, "the folder of Kupuri's data (or KUPURI_DATA)", None)
    window.add_argument("files", metavar="FILE", nargs="*")
    options = window.parse_args(list(argv))
    return options.data, options.files


def _add_data(parser: argparse.ArgumentParser, words: str, default: str | None) -> None:
    parser.add_argument("--data", metavar="FOLDER", default=default, help=words)
