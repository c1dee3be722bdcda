"""Run a program as a user other than root, without leaving root's files: ``python unprivileged.py PROGRAM ARG...``.

PostgreSQL refuses to run as root, and cannot run for a uid that has no name. A user namespace in which the present
uid is called ``nobody`` satisfies it, while outside the files stay with their owner, so nothing has to be chowned and
a data folder below ``/root`` works. A script of its own, because a namespace needs a process with one thread.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
NOBODY = 65534


def enter_namespace() -> None:
    """Become ``nobody`` in a new user namespace; OSError where the kernel forbids it."""
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER):
        number = ctypes.get_errno()
        raise OSError(number, f"no user namespace: {os.strerror(number)}")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
        Path("/proc/self", name).write_text(text)


if __name__ == "__main__":
    enter_namespace()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  the launcher names the program
