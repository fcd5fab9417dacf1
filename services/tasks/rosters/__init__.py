"""Units with their posts as one states them: one at a time, or whole workbooks in and out."""
