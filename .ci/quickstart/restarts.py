"""Sends 100,000 lines through 8 connections to a server that is killed and restarted twice meanwhile."""
import subprocess
import tempfile
import time
from pathlib import Path

from program import NOTHING_HANGS, Peer, check, check_no_trace, command, figure, named_failures, real_lines

LINES = 100_000
POOL = 8
KILL_AT = [30_000, 65_000]  # lines of output
# What can be on its way, and not in the output file yet, when the server is there again: the runner's window and the writer's buffer.
SETTLED = 5_000


class Written:
    """Counts the lines of a file that grows."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.count = 0

    def lines(self):
        self.count += self.file.read().count(b"\n")
        return self.count


def send_with_restarts(peer, source, target, messages):
    """Returns the exit status and, for each restart, how many lines were written at the kill and when the server was back."""
    restarts = []
    end = time.monotonic() + NOTHING_HANGS
    with open(messages, "wb") as errors:
        program = subprocess.Popen(
            command("--url", peer.url, "--input", source, "--output", target, "--pool", POOL, "--timeout", "30s"), stderr=errors)
    try:
        target.touch()
        written = Written(target)
        while program.poll() is None:
            check(time.monotonic() < end, f"nothing hangs: {written.lines()} lines after {NOTHING_HANGS} s")
            if len(restarts) < len(KILL_AT) and written.lines() >= KILL_AT[len(restarts)]:
                at_kill = written.lines()
                peer.kill()
                peer.start()
                restarts.append((at_kill, written.lines()))
            time.sleep(0.005)
    finally:
        program.kill()
        program.wait()
    return program.returncode, restarts


def main(directory):
    source, target, messages = (Path(directory, name) for name in ("lines", "replies", "messages"))
    lines = real_lines(LINES)
    source.write_bytes(b"".join(line + b"\n" for line in lines))
    with Peer() as peer:
        start = time.monotonic()
        status, restarts = send_with_restarts(peer, source, target, messages)
        seconds = time.monotonic() - start
        received = peer.received
        peer.check_content()

    said = messages.read_text()
    check_no_trace(said)
    check(len(restarts) == len(KILL_AT), f"the server was killed and restarted in mid-run: {restarts}\n{said}")
    replies = target.read_bytes().split(b"\n")
    check(replies.pop() == b"", "the output ends with a line end")
    check(len(replies) == LINES, f"one line of output for each line of input: {len(replies)}\n{said}")
    failures = named_failures(said)
    for number, (line, reply) in enumerate(zip(lines, replies), start=1):
        expected = b"" if number in failures else line
        check(reply == expected, f"line {number} is identical or named as failed: {line!r} became {reply!r}")
    check(len(failures) <= POOL * len(restarts), f"no more lines fail than the connections had: {len(failures)}\n{said}")
    for number in failures:
        check(any(kill < number <= back + SETTLED for kill, back in restarts), f"line {number} was in flight at a kill: {restarts}")
    last = restarts[-1][1] + SETTLED
    check(last < LINES and not any(number > last for number in failures), f"every line from {last} on succeeds")
    sent, failed = figure(said, "sent"), figure(said, "failed")
    check((sent + failed, failed) == (LINES, len(failures)), f"the summary adds up: {sent} sent, {failed} failed, {len(failures)} named")
    check(sent <= received <= sent + failed, f"no line was sent twice: {received} messages, {sent} sent, {failed} failed")
    created = figure(said, "connections created")
    check(created <= POOL * (len(restarts) + 1), f"a connection is replaced only because the server died: {created}\n{said}")
    check(status == (1 if failures else 0), f"the exit status tells of failures: {status}")

    print(said)
    print(f"{LINES:,} lines in {seconds:.1f} s: {sent:,} replies identical and in order, {failed} failed and named;", end=" ")
    print(f"{received:,} messages received")
    print("restarts: " + "; ".join(f"killed at line {kill:,}, back at {back:,}" for kill, back in restarts))


with tempfile.TemporaryDirectory() as scratch:
    main(scratch)
