"""The power-safe log of everything that moves miles (design, section 5)."""
