"""`python -m lpr_engine` is the command `lpr-engine`."""

import sys

from lpr_engine.cli.main import main

sys.exit(main())
