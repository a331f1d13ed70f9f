"""One file for each thing a person does. The only place that opens a transaction.

A journey loads facts, asks the judge, does one thing, and leaves exactly its declared line in the
ledger, all in one commit (deed.py) or not at all. The web, the command line, timers and the
demonstration all come through here.
"""
