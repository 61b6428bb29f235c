"""A MediKeep installation as it lies on disk and in its database."""
