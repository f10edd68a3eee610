"""Explorers: controls, a pure function from their state, a picture. The only place that imports ipywidgets."""
