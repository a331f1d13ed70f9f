"""What anybody may see: health, and the pages about the portal itself."""
