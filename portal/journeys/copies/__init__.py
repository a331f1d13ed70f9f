"""Whose copy something is that turned up where it should not be."""
