"""The doors: HTTP in and out. A door parses, calls one journey, and renders."""
