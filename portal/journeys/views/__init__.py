"""What pages show: read in one state of the database, through the judge, leaving no line."""
