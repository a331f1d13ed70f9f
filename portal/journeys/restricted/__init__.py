"""Restricted cases: opened for named holders, who alone see them and hold their key."""
