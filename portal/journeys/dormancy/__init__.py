"""Accounts that nobody uses: closed by their time, told of, opened again after a check."""
