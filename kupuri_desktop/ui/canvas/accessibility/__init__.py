"""What a screen reader is told of the canvas: its items by name, kind and place."""
