"""The draw protocol `dr1`, pure: what a draw commits to and how it is computed; no web, database or clock."""
