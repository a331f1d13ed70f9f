"""Who may do what. One question, asked inside every journey: `judge.may`."""
