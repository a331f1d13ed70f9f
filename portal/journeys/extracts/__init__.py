"""Extracts: marked, made, looked through, and what the record says of them."""
