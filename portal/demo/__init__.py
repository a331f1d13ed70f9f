"""A demonstration with people, meetings and papers in it, all invented.

Everything is done through the real journeys, with the real keys and the real ledger, by each
person in turn, over the weeks before today. It refuses to run in production.
"""
