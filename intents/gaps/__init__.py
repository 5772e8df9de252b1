"""Gaps: questions that got no good answer, grouped, and what to add to the knowledge."""
