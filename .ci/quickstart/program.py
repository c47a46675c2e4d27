"""What the checks of the quickstart share: the program, the peer, and the text to send."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAIN = "dev.wspool.samples.quickstart.Main"
NOTHING_HANGS = 300  # seconds


def command(*arguments):
    return ["java", "-cp", os.environ["QUICKSTART_CLASSPATH"], MAIN, *map(str, arguments)]


def run(*arguments, stdin=b""):
    """Runs the program to its end: status, output, messages."""
    done = subprocess.run(command(*arguments), input=stdin, capture_output=True, timeout=NOTHING_HANGS)
    return done.returncode, done.stdout, done.stderr.decode()


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def figure(messages, name):
    """A figure of the summary."""
    found = re.findall(rf"^\s*{name}\s+([\d,]+)", messages, re.MULTILINE)
    check(len(found) == 1, f"the summary says {name} once:\n{messages}")
    return int(found[0].replace(",", ""))


def named_failures(messages):
    return {int(number): cause for number, cause in re.findall(r"^line (\d+): (.+)$", messages, re.MULTILINE)}


def check_no_trace(messages):
    check(not re.search(r"^\s+at |Exception in thread", messages, re.MULTILINE), f"no stack trace:\n{messages}")


def real_lines(count):
    """Lines of the licences that the machine has, repeated; with blank ones among them."""
    licences = [path for path in sorted(Path("/usr/share/common-licenses").glob("*")) if not path.is_symlink()]
    text = b"".join(path.read_bytes() for path in licences or [HERE.parent.parent / "LICENSE"])
    text.decode()
    lines = text.split(b"\n")[:-1]
    return (lines * (count // len(lines) + 1))[:count]


class Peer:
    """The echo server, which can be killed and be started again on the same port."""

    def __init__(self):
        self.port = 0
        self.directory = tempfile.TemporaryDirectory()
        self.tally = Path(self.directory.name, "tally")
        self.log = Path(self.directory.name, "log")
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, HERE / "echo_server.py", str(self.port), self.tally], stdout=subprocess.PIPE, stderr=log)
        ready = self.process.stdout.readline()
        check(ready, "the echo server starts")
        self.port = int(ready)

    def kill(self):
        self.process.kill()
        self.process.wait()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/"

    @property
    def received(self):
        """How many messages it has had, over all its lives."""
        return self.tally.stat().st_size

    def check_content(self):
        """The library logs whatever breaks the protocol, and a connection that ends without the closing handshake."""
        log = self.log.read_text()
        check(not log, f"the server has nothing to complain of:\n{log}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.directory.cleanup()
