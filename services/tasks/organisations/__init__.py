"""Units and their posts, effective-dated: every question can be asked as at a day."""
