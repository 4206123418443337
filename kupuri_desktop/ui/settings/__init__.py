"""The settings page, made from the settings' own descriptions."""
