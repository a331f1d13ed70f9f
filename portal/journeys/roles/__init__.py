"""What people may do: roles that change after the invitation, and deputies for a time."""
