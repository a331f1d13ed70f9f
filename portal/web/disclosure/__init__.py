"""Passing a paper on: asking for it, and deciding it in writing."""
