"""How fast the portal is, beside its peers in the same run: `make bench`. No test."""
