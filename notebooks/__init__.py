"""The labs, where students see what a convolution does to real pictures, and their small helper."""
