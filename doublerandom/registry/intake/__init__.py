"""Files from offices: read as they come, judged row by row, applied in one transaction, with a report."""
