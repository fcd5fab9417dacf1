"""Reports: what somebody said of an accident and when; the first one opens the accident."""
