"""Rows for others, page by page, and the files made of them."""
