"""What each audience does on its pages, in its own words."""
