"""Draws photos and x-rays that look like those of a dental clinic; each a function of its arguments alone."""
