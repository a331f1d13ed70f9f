"""From an invitation by e-mail to an account with a key of its own."""
