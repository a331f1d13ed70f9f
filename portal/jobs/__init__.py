"""What happens by itself: notices leave, access that is over closes, what is over is swept.

Every job acts as *system*, which holds no key and can open nothing. Each can be done twice, by two
processes at once, and be killed at any moment. Nothing of what they handle is logged: counts and
kinds of errors only.
"""
