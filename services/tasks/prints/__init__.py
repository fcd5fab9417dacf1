"""Prints of what was handed in: by them a file, a picture or a text is recognised again."""
