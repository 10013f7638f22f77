"""Whether comments come from groups that act together: signals that fail in different ways, and where they agree."""
