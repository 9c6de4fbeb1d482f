"""Forms of the registry's pages, by noun."""
