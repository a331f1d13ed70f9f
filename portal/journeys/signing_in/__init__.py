"""Getting in, staying in and getting out: passphrase, second factor, provider, session, lock."""
