"""The canvas without a mouse: going from item to item, and changing them by keys."""
