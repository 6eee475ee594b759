"""The reader put to the test alone: on true boxes and on crops, with nothing that finds plates."""
