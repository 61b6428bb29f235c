"""A DentalPin installation, of any version, as it lies on disk and in its database."""
