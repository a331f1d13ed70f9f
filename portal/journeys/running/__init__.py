"""What the installation does by itself or at an operator's command."""
