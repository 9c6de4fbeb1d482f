"""Results become credit records, rewards, penalties and dated measures."""
