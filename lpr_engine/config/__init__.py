"""Floor 1: options from YAML or the add-on, validated into frozen sections."""
