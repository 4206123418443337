"""Everything that can be done in the window, as data: names, words, icons, shortcuts."""
