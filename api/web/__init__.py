"""HTTP itself: bounded bodies, problems, headers, the description in OpenAPI."""
