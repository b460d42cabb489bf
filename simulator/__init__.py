"""Homes without hardware: recordings of real ones, made-up ones, their devices."""
