"""The first page: the welcome line, the prompt box, and the projects."""
