"""Style sheets, and the step that turns them into what browsers are served."""
