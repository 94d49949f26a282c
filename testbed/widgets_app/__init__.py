"""Apps that are no shop, for tests of the library."""
