"""What a hand does on the canvas: presses, drags, drawing, writing."""
