"""What an agency's contacts do: see what is asked, hand in a report, or answer otherwise."""
