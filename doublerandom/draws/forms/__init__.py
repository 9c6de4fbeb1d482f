"""Forms of the draws' desk, by noun."""
