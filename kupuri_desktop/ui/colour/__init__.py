"""Choosing colours: picker, eyedropper, palette, and the style of what is drawn next."""
