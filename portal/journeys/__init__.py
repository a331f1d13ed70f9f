"""One file for each thing a person does, in a folder for what it is about. The only place that
opens a transaction.

A journey loads facts, asks the judge, does one thing, and leaves exactly its declared line in the
ledger, all in one commit (deed.py) or not at all. The web, the command line, timers and the
demonstration all come through here. What every journey needs lies beside the folders; `views` are
the pages' facts, read and judged, changing nothing.
"""
