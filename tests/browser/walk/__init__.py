"""The main job, one step after the other, as the people of Northmere do it in a browser."""
