"""Fits the appliances to recordings of real homes, and says how well they match."""
