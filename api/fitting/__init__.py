"""The fitting of a home: from a claim code to a hub that hears every sensor."""
