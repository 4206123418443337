"""Editing beyond the hands: the clipboard, styles, words found and replaced, sizes of frames."""
