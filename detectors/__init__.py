"""What notices change in a home: pure detectors, one condition each, in event time."""
