"""Evidence of investigations: files by their hash, and who had each item when and why."""
