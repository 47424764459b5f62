"""Files at the boundary: strict reading, schemas, catalogue, submissions."""
