"""Plans as published, read into drafts: what each sentence asks of whom, for a person to settle."""
