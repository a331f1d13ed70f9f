"""Telling people that something waits for them: closed letters, senders, and when to try again.

A notice never holds content: no name, offence, address or attachment (MAPPA rule 16). This room
knows no HTTP and no tables; records keeps the outbox, a job asks here what to send and when.
"""
