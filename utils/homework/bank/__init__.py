"""The homework's questions, one a file: the reference, the inputs, the known mistakes, and right answers that look different."""
