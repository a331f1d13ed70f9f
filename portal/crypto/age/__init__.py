"""The age v1 file format (https://c2sp.org/age), read and written, on pyca `cryptography`.

Hybrid (`age1pq1...`) and X25519 (`age1...`) recipients; no passphrase files.
"""
