"""How the program ends: after Ctrl-C, in a pipe that closes, with wrong arguments, without a server, and when all is well."""
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from program import NOTHING_HANGS, Peer, check, check_no_trace, command, figure, real_lines, run

# A job in the background is started with SIGINT ignored, and what it starts inherits that: then no Ctrl-C would arrive.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def all_is_well(peer):
    text = b"".join(line + b"\n" for line in real_lines(20_000))
    status, output, said = run("--url", peer.url, "--pool", 4, stdin=text)
    check((status, output) == (0, text), f"all lines come back, and the status is 0: {status}\n{said}")
    check(figure(said, "connections created") <= 4, f"no connection is replaced without need\n{said}")


def ctrl_c(peer):
    lines = real_lines(1_000)
    text = b"".join(line + b"\n" for line in lines)
    program = subprocess.Popen(command("--url", peer.url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    program.stdin.write(text)
    program.stdin.flush()  # and no end of the input
    output = b"".join(program.stdout.readline() for _ in lines)
    program.send_signal(signal.SIGINT)
    check(program.wait(NOTHING_HANGS) == 130, f"Ctrl-C: status {program.returncode}")
    said = program.stderr.read().decode()
    check_no_trace(said)
    check(output + program.stdout.read() == text, "Ctrl-C: every line before it has its reply")
    check(figure(said, "lines") == len(lines) == figure(said, "sent"), f"Ctrl-C: the summary counts them\n{said}")
    program.stdin.close()


def ctrl_c_in_mid_run(peer, directory):
    source, target = Path(directory, "lines"), Path(directory, "replies")
    text = b"".join(line + b"\n" for line in real_lines(500_000))
    source.write_bytes(text)
    target.touch()
    program = subprocess.Popen(command("--url", peer.url, "--input", source, "--output", target), stderr=subprocess.PIPE)
    while target.stat().st_size == 0 and program.poll() is None:
        pass
    program.send_signal(signal.SIGINT)
    said = program.communicate(timeout=NOTHING_HANGS)[1].decode()
    output = target.read_bytes()
    check(program.returncode == 130, f"Ctrl-C in mid-run: status {program.returncode}\n{said}")
    check(text.startswith(output) and 0 < len(output) < len(text), "Ctrl-C in mid-run: the output is a beginning")
    finished = figure(said, "sent") == output.count(b"\n") == figure(said, "lines")
    check(finished, f"Ctrl-C in mid-run: the lines on their way were finished\n{said}")


def pipe_that_closes():
    shell = ["bash", "-c", 'yes line | "$@" | head -n 1; exit ${PIPESTATUS[1]}', "-", *command()]
    pipeline = subprocess.Popen(shell, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, said = pipeline.communicate(timeout=NOTHING_HANGS)
    said = [message for message in said.decode().splitlines() if not message.startswith("Echo server started")]
    check((output, said, pipeline.returncode) == (b"line\n", [], 141), f"| head ends it quietly: {pipeline.returncode} {said}")


def refusals(directory):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        url = f"ws://127.0.0.1:{nobody.getsockname()[1]}/"
        for expected, arguments in [
            (2, ["--no-such-option"]),
            (2, ["--pool", "0"]),
            (2, ["--pool", "many"]),
            (2, ["--timeout", "soon"]),
            (2, ["--url", "http://localhost/"]),
            (2, ["--input", f"{directory}/missing"]),
            (2, ["--input", directory]),
            (2, ["--output", f"{directory}/missing/file"]),
            (1, ["--url", url, "--timeout", "1s"]),
        ]:
            status, output, said = run(*arguments, stdin=b"line\n" * 1_000)
            check((status, output) == (expected, b""), f"{arguments}: status {status}, not {expected}\n{said}")
            check(said.count("\n") == 1 and said.startswith("quickstart: "), f"{arguments}: one line says why\n{said}")
            print(f"{status}  {said}", end="")


with tempfile.TemporaryDirectory() as scratch:
    with Peer() as server:
        all_is_well(server)
        ctrl_c(server)
        ctrl_c_in_mid_run(server, scratch)
        server.check_content()
    pipe_that_closes()
    refusals(scratch)
print("the quickstart ends as it should: at the end, after Ctrl-C, without a reader, with wrong arguments, without a server")
