"""Papers: foreign bytes become clean pages, pages become packs, packs become stamped copies.

Nothing here knows people, cases or permissions: bytes and plain words go in, bytes and findings
come out. Everything that parses a PDF runs in `boxed`, a limited child process.
"""
