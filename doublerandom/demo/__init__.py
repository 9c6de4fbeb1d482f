"""A demonstration city and a small county: all names and numbers invented, everything done by the real commands."""
