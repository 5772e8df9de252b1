"""Questions that were not answered well, grouped, and what to write about them."""
