"""Parts of obligations that several units share: each its state, its holder, its delay."""
