"""What clinic-media does: one class per use case, over the ports. Imports the domain and nothing else."""
