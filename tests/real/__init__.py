"""Real components the tests run against: databases, browsers, mail servers, other people's age."""
