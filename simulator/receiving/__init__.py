"""A receiving centre that takes alarms by SCAIP, to try the centre against."""
