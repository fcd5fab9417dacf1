"""The forward path: screens a request, lets it in, states who acts, passes it on and back.

What it refuses, in order: malformed heads and forged inner headers, floods by address,
callers who cannot prove themselves, floods by account, bodies that are too large, too slow
or nested too deep, and whatever exceeds its lane. What a JSON body says is judged once, by the
service that reads it. Accident reports have a lane of their own.
"""
