"""The agencies of an area, their people, and their providers of single sign-on."""
