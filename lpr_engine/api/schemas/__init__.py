"""JSON Schemas of what the door takes and answers, a module for each subject."""
