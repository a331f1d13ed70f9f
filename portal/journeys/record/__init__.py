"""The record of who did what: read, exported, proved whole."""
