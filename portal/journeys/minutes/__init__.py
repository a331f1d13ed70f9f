"""Minutes and executive summaries: written or filed, approved, sent."""
