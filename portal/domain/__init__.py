"""What the business means: frozen values and plain functions.

Standard library only; no clock, no input or output. Everything else in the portal may import
this room, and it imports nothing of the portal. Rule numbers are those of docs/rules.md.
"""
