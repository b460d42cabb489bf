"""Tests of cohorts and reablement."""
