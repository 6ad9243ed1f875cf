"""Measurements that anyone can repeat: `python -m benchmarks.daily_run`, `.big_day`, `.world`. Results are in `results/`."""
