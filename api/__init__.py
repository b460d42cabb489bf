"""The central service: what hubs report is kept, shown to staff, and handled by them."""
