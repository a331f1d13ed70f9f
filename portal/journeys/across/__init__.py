"""One person in several areas: one account, and in each area only what that area knows of them."""
