"""Who else moves about in a home: carers, visitors, pets."""
