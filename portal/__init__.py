"""The MAPPA portal: meeting papers sent to the people invited, and opened by nobody else."""
