"""Joining, one's own account and helping others with theirs, as people do it in a browser."""
