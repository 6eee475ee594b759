"""Who may enter: accounts, sessions, keys, ingress and signed URLs."""
