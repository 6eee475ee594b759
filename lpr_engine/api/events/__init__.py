"""What happens, told as it happens, to as many as want to know, without holes."""
