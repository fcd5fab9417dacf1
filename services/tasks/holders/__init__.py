"""Who holds a post on a day: appointed and relieved by an office, one at a time."""
