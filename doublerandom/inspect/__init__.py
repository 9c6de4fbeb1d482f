"""What inspectors answer to their assignments: results per item, review."""
