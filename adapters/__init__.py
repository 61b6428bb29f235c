"""How the ports are met. Only the container imports from here; no adapter imports another."""
