"""Where sealed bytes are kept.  Nothing in the clear can be put here: the type forbids it."""
