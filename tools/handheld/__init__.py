"""The desktop side of the simulated handheld: chips, access point, flash, programs."""
