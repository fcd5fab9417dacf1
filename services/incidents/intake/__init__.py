"""Intake: a report is taken whatever is away; stored at once, or spooled and stored later."""
