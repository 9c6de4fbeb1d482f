"""What is Chinese on an English page, and is no data."""

import re

CHINESE = re.compile(r"[㐀-䶿一-鿿豈-﫿]+(?:[^\x00-\x7f]*[㐀-䶿一-鿿豈-﫿])*")
OURS = (
    "title, h1, h2, h3, label, legend, button, summary, nav a, thead th, caption, dt, figcaption, .btn, "
    ".empty, .badge-state, .tl-title, .field-hint, .table-count, .notice-title, .kicker, .stat-note"
)


def left_over(page, data):
    """Chinese of our own words on the page: what no text of the tables, as it stands there, accounts for."""
    found = set()
    for text in page.locator(f":is({OURS}):not([lang])").all_text_contents():
        for run in CHINESE.findall(text):
            if run not in data and not any(run in known and known in text for known in data):
                found.add(run)
    return found
