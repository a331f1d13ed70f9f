"""The state of the installation, for its operator: counts, never a title, name or reference."""
