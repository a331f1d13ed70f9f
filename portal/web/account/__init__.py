"""One's own account: signing in and out, joining, recovering, and what protects it."""
