"""The matcher: n-gram features, a linear model, calibrated confidence; and its evaluation."""
