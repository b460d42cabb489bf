"""HL7 FHIR R4: what other systems of care read, one resource, one page or all at once."""
