"""The states of the window that `screenshots.py` draws: a module for each part of the house."""
