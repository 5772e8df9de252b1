"""A matcher for any labelled utterances: n-gram features, linear heads, calibrated confidence."""

from .classifier import OUT_OF_SCOPE, Candidate, Classifier, Example, Ranking

__all__ = ["OUT_OF_SCOPE", "Candidate", "Classifier", "Example", "Ranking"]
