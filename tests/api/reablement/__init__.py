"""Tests of reablement."""
