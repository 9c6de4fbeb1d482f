"""A demonstration city and a small county: all data invented, everything done by the real commands."""
