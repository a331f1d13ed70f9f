"""Cases, meeting days, who is invited to which case, and who came."""
