"""The ledger of scores: every point with its rule, evidence and arithmetic; only added to."""
