"""The simplest detectors one would write: what any other has to beat. For evaluation alone."""
