"""Which units there are for a plan to mean: the registry's, with what the packs say of them."""
