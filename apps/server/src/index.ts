// Public entry.
