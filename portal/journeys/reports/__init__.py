"""An agency's report: asked for, examined, handed in, corrected, read again by its owner."""
