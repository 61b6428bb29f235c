"""Blobs as files: on a disk of this machine, or in a bucket."""
