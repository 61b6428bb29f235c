"""Ciphers for backups."""
