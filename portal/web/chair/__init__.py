"""What the chair of a case's meeting does: read the draft minutes and approve them."""
