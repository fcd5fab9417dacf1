"""Drafts: reports that are being written, kept until they are handed in once."""
