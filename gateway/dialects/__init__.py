"""What devices say, in the words of each kind of device network, put into one form."""
