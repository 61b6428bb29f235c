"""Uploads in pieces, which may come over days and connections and end as any other upload does."""
