"""What the use cases need from outside, one short protocol per file. Adapters inherit these explicitly."""
