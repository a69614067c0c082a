"""The hidden tests of the convolution notebook: 100 points over its ten functions."""
