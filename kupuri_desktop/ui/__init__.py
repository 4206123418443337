"""The window: everything that is drawn, and the only place that knows Qt."""
