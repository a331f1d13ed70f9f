"""Whose key is whose, and that somebody made sure of it."""
