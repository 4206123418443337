"""The options of every command, as argparse has them."""

import argparse
from importlib import import_module
from types import ModuleType

from kupuri_desktop import __version__
from kupuri_desktop.cli.commands import COMMANDS, DATA, command_in

__all__ = ["command_in", "module_of", "parser"]

_MODULES = {"import": "importing"}
"""Commands whose name is a word of Python's own."""


def module_of(command: str) -> ModuleType:
    """The module of a command: it has SUMMARY, `arguments(parser)` and `run(options, output)`."""
    return import_module(f"kupuri_desktop.cli.{_MODULES.get(command, command)}")


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


def _add_data(parser: argparse.ArgumentParser, words: str, default: str | None) -> None:
    parser.add_argument(DATA, metavar="FOLDER", default=default, help=words)
