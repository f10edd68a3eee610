"""Pictures without controls: network diagrams, plots, fast frames."""
