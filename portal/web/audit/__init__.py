"""The record of who did what, for coordinators, deputies and auditors."""
