"""Bringing an older installation over: looked at, carried out in batches, checked, told, undone."""
