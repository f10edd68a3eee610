"""What a single lesson shows: bugs, automatic differentiation, scalar loops, counts, the computation graph. Imports NumPy alone."""
