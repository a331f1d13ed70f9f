"""Tables, and the loads and saves over them. Journeys see domain values, never rows.

Every row belongs to an area. No function here commits or reads the clock. The columns that hold
typed text in the clear are listed in docs/clear-columns.md; every other text is sealed.
"""
