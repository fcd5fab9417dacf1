"""Contents: what the reports of an accident have said together, and what they still owe."""
