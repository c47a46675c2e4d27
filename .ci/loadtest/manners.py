"""How the program ends: with wrong arguments, with the wrong key, without a server, and after Ctrl-C; and what a terminal shows."""
import os
import pty
import signal

from program import JAVA, check, check_no_stack_trace, run

# A job in the background is started with SIGINT ignored, and what it starts inherits that: then no Ctrl-C would arrive.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def refusals():
    for expected, lines, arguments in [
        (2, 0, ["--no-such-option"]),
        (1, 2, ["--api-key", "s3cret-key", "--auth", "query"]),
        (1, 2, ["--url", "ws://user:s3cret@127.0.0.1:9/?token=s3cret"]),
    ]:
        status, output, said = run(*arguments)
        check((status, output.count("\n")) == (expected, lines), f"{arguments}: status {status}, not {expected}\n{output}{said}")
        check(said.count("\n") == 1 and said.startswith("loadtest: "), f"{arguments}: one line says why\n{said}")
        check("s3cret" not in output + said, f"{arguments}: no secret is shown\n{output}{said}")
        print(f"{status}  {said}", end="")


def ctrl_c_at_a_terminal():
    child, terminal = pty.fork()
    if child == 0:
        os.execv(JAVA[0], [*JAVA, "--rounds", "1000", "--interval", "0s", "--chaos"])
    seen, is_interrupted = "", False
    while True:
        try:
            seen += os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            break  # the program has ended
        if not is_interrupted and "[Round 2/" in seen:
            is_interrupted = True
            os.write(terminal, b"\x03")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    check_no_stack_trace(seen)
    check(status == 130, f"Ctrl-C: status {status}\n{seen}")
    check("\x1b[" in seen and " leased, " in seen, f"a terminal shows what is going on\n{seen!r}")
    report = seen[seen.find("MULTI-ROUND TEST INTERRUPTED"):]
    check("Per-Round Breakdown:" in report and "\x1b[" not in report, f"Ctrl-C: what was measured is reported\n{seen!r}")


refusals()
ctrl_c_at_a_terminal()
print("loadtest ends as it should: with wrong arguments, with the wrong key, without a server, and after Ctrl-C")
