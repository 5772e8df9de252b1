"""What operators work with: the knowledge as it is edited, checked, tried out and learned from."""
