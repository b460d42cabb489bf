"""How well the detectors find episodes in real homes: injection, replay, measures, report."""
