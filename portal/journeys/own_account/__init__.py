"""What somebody changes about their own way in: second factors, codes on paper, passphrase."""
