"""What runs inside the helper processes. Nothing here is imported by the service itself."""
