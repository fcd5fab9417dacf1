"""The yearly plan (安全生产工作要点) in frozen versions, and what each version changed."""
