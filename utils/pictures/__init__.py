"""The pictures of single lessons, a module each: numbers in, Picture out, so that a lesson's cell holds one short call."""
