"""A reader opens what was given to them: whole, page by page, as text, as a download."""
