"""The open supervision platform for double random, one public."""
