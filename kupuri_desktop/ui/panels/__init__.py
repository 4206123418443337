"""The panels beside the canvas: what is selected, what lies over what, and where one is."""
