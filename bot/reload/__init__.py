"""The live knowledge: watched, checked, learned in another process, swapped in."""
