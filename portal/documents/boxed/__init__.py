"""What runs inside the limited child: the only code that parses a PDF.

It imports the standard library, pikepdf, pypdfium2 and Pillow, and nothing of the portal above
this folder: the child has no keys, no settings and no database to lose.
"""
