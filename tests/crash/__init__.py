"""The crash matrix: a made-up household lives on while the parts it relies on are killed."""
