"""What the coordination unit prepares: agencies, people, cases, meetings, invitations, requests."""
