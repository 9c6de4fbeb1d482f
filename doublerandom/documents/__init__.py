"""Documents: from values to official papers (PDF/A) and QR codes."""
