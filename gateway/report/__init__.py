"""How a hub fares, for people: in lines, in tables and in a view that renews itself."""
