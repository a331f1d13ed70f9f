"""What readers do: see what waits for them, accept the statement, open what was sent to them."""
