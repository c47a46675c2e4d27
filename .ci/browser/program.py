"""What the checks of samples/devtools share: the program, and the processes and the profiles that it must not leave behind."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MAIN = "dev.wspool.samples.devtools.Main"
NOTHING_HANGS = 100  # seconds


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


class Program:
    """The program, run with a directory for its temporary files, in which the browser's profile is to be found."""

    def __init__(self, scratch, *arguments, path=os.environ["PATH"]):
        self.scratch = Path(scratch, f"run-{len(os.listdir(scratch))}")
        self.scratch.mkdir()
        java = [shutil.which("java"), f"-Djava.io.tmpdir={self.scratch}", "-cp", os.environ["DEVTOOLS_CLASSPATH"], MAIN]
        self.process = subprocess.Popen([*java, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True, env={**os.environ, "PATH": path})

    def browsers(self):
        """The ids of the processes of its browser, the first one first."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if f"--user-data-dir={self.scratch}".encode() in process.joinpath("cmdline").read_bytes():
                    found.append(int(process.name))
            except OSError:
                pass  # it has ended meanwhile
        return sorted(found)

    def ctrl_c(self):
        """As a terminal does it: the browser gets it, too."""
        os.killpg(self.process.pid, signal.SIGINT)

    def first_page(self):
        """Waits until a page was taken; the browser and the pool are at work."""
        line = self.process.stdout.readline().decode()
        check(line.startswith("page-"), f"a page is taken: {line}{self.process.stderr.read() if not line else ''}")

    def check_no_browser(self):
        deadline = time.monotonic() + 10  # helpers of a browser that was killed end by themselves, a moment later
        while self.browsers() and time.monotonic() < deadline:
            time.sleep(0.05)
        check(self.browsers() == [], f"no process of the browser is left: {self.browsers()}")

    def end(self):
        """Waits for the end: status, output, messages. Nothing of the browser may be left."""
        output, said = self.process.communicate(timeout=NOTHING_HANGS)
        said = said.decode()
        check(not re.search(r"^\s+at |Exception", said, re.MULTILINE), f"no stack trace\n{said}")
        self.check_no_browser()
        left = list(self.scratch.glob("devtools-profile*"))
        check(left == [], f"no profile is left: {left}")
        return self.process.returncode, output.decode(), said
