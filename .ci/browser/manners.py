"""How the program ends: after Ctrl-C, when the browser dies, without a browser, and with wrong arguments."""
import os
import signal
import tempfile

from program import NOTHING_HANGS, Program, check

# A job in the background is started with SIGINT ignored, and what it starts inherits that: then no Ctrl-C would arrive.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def ctrl_c(scratch):
    program = Program(scratch, "--out", f"{scratch}/interrupted", "--pages", 200)
    program.first_page()
    program.ctrl_c()
    status, _, said = program.end()
    check((status, said) == (130, ""), f"Ctrl-C: status {status}\n{said}")


def kill(scratch):
    program = Program(scratch, "--out", f"{scratch}/killed", "--pages", 200)
    program.first_page()
    program.process.terminate()  # the browser has to be told
    status, _, said = program.end()
    check((status, said) == (143, ""), f"kill: status {status}\n{said}")


def ctrl_c_before_the_first_page(scratch):
    program = Program(scratch, "--out", f"{scratch}/early")
    while not program.browsers() and program.process.poll() is None:
        pass
    program.process.send_signal(signal.SIGINT)
    status, output, said = program.end()
    check((status, output, said) == (130, "", ""), f"Ctrl-C while the browser starts: status {status}\n{output}{said}")


def ctrl_c_twice(scratch):
    program = Program(scratch, "--out", f"{scratch}/impatient", "--pages", 200)
    program.first_page()
    os.kill(program.browsers()[0], signal.SIGSTOP)  # a browser that does not end by itself
    program.process.send_signal(signal.SIGINT)
    while program.process.poll() is None:
        program.process.send_signal(signal.SIGTERM)  # not merged with the first, as a second SIGINT could be
    program.process.communicate(timeout=NOTHING_HANGS)
    check(program.process.returncode in (130, 143), f"Ctrl-C twice: status {program.process.returncode}")
    program.check_no_browser()


def browser_that_dies(scratch):
    program = Program(scratch, "--out", f"{scratch}/dead", "--pages", 200)
    program.first_page()
    os.kill(program.browsers()[0], signal.SIGKILL)
    status, _, said = program.end()
    last = said.splitlines()[-1]
    check(status == 1 and last.startswith("devtools: ") and "ended with status 137 before all pages were taken" in last,
          f"a browser that dies is told of: status {status}\n{said}")
    print(said, end="")


def refusals(scratch):
    for expected, arguments, path in [
        (2, ["--no-such-option"], os.environ["PATH"]),
        (1, ["--chromium", "/bin/true"], os.environ["PATH"]),
        (1, ["--timeout", "1ms"], os.environ["PATH"]),
        (1, [], "/nowhere"),
    ]:
        status, output, said = Program(scratch, "--out", f"{scratch}/none", *arguments, path=path).end()
        check((status, output) == (expected, ""), f"{arguments}: status {status}, not {expected}\n{output}{said}")
        check(said.count("\n") == 1 and said.startswith("devtools: "), f"{arguments}: one line says why\n{said}")
        print(f"{status}  {said}", end="")


with tempfile.TemporaryDirectory() as directory:
    ctrl_c(directory)
    kill(directory)
    ctrl_c_before_the_first_page(directory)
    ctrl_c_twice(directory)
    browser_that_dies(directory)
    refusals(directory)
print("devtools ends as it should: after Ctrl-C, with a browser that dies, without one, and with wrong arguments")
