"""Passing a paper onward: asked, weighed, decided in writing."""
