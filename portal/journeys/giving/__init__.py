"""Who can open what: sealed, granted, told, prolonged, taken back, run out, disposed of."""
