"""What the checks of samples/loadtest share: the program, run as its user runs it."""
import os
import re
import shutil
import subprocess
import sys

MAIN = "dev.wspool.samples.loadtest.Main"
NOTHING_HANGS = 60  # seconds
JAVA = [shutil.which("java"), "-cp", os.environ["LOADTEST_CLASSPATH"], MAIN]


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def check_no_stack_trace(text):
    check(not re.search(r"^\s+at |Exception in thread", text, re.MULTILINE), f"no stack trace\n{text}")


def run(*arguments, environment=None):
    """Runs the program to its end: status, output, messages."""
    done = subprocess.run([*JAVA, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=NOTHING_HANGS, env={**os.environ, **(environment or {})})
    check_no_stack_trace(done.stderr)
    check("\x1b" not in done.stdout, f"no escape sequences where the output is no terminal\n{done.stdout!r}")
    return done.returncode, done.stdout, done.stderr
