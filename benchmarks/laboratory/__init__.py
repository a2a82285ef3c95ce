"""A laboratory: mutants of Django projects, the truth from full runs, and what was selected."""
