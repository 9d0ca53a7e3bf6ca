"""Holds the writer's lock of journals, which a program in Node cannot take.

Reads lines "hold PATH" and "drop PATH", and answers each by its PATH.
"""

import fcntl
import os
import sys

held = {}
for line in sys.stdin:
    what, path = line.rstrip("\n").split(" ", 1)
    if what == "hold":
        held[path] = os.open(path, os.O_WRONLY)
        fcntl.lockf(held[path], fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 0)
    else:
        # POSIX locks end with any descriptor of the file.
        os.close(held.pop(path))
    print(path, flush=True)
