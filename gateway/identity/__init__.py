"""Who may come in: accounts, sessions, second factors, API clients and their keys.

It tells who acts, for itself and for the forward path, and owns every table it reads.
"""
