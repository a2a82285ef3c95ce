"""`python -m cdds_django.init`, which needs no edit to the project before."""

from __future__ import annotations

import sys

from cdds_django.init.door import main

sys.exit(main())
