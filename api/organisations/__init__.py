"""The client organisations whose homes the centre watches over."""
