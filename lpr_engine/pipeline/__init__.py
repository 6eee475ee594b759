"""Floor 3: order, threads, queues and fan-out; knows only ports."""
