"""What runs inside the limited child: the only code that parses foreign bytes.

It imports the standard library, pikepdf and Pillow, and nothing of the portal above this folder:
the child has no keys, no settings and no database to lose.
"""
