"""Who somebody is: passphrases, codes, invitations, addresses, and how often one may try.

Pure functions and frozen values. This room knows no HTTP, no tables and no encryption: it
decides, and whoever asked stores what was decided. Nothing here reads the wall clock. The one
exception is sign_on/, which asks agencies' providers over the network.
"""
