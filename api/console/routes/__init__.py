"""The console's addresses: one module for each page, each a few lines that ask and show."""
