"""The trash: its page beside the rail, the list in it, and the panel of one project."""
