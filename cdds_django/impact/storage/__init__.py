"""The impact map: its tables, reading it, and writing what a run learnt."""
