"""Asking a host, over the network, whose its records are."""
