"""Snapshots of database and files in another storage, and what is made of them again."""
