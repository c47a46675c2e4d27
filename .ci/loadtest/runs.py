"""The program's runs: calm, with options from the environment, and with chaos; what it reports and what it writes."""
import json
import re
import tempfile
from pathlib import Path

from program import check, run


def calm(scratch):
    results = Path(scratch, "calm.json")
    environment = {"WSPOOL_LOADTEST_POOL": "3", "WSPOOL_LOADTEST_CONCURRENCY": "5", "WSPOOL_LOADTEST_INTERVAL": "100ms"}
    status, output, said = run("--rounds", 3, "--json", results, environment=environment)
    check((status, said) == (0, ""), f"calm: status {status}\n{said}{output}")
    check("Pool initialized with 3/3 connections" in output and "  Successful: 15 (100.0%)" in output, f"calm: all is well\n{output}")
    written = json.loads(results.read_text())
    requests = written["requests"]
    check([each["ok"] for each in requests["rounds"]] == [5, 5, 5], f"calm: three rounds in the file\n{requests['rounds']}")
    check(sum(each["count"] for each in requests["latency"]["buckets"]) == 15, "calm: the histogram has all requests")
    for name in written["initialization"]["opened"]:
        check(f"(connection_id={name})" in output and re.search(rf"^  Connection {name}: \d+ requests, age: ", output, re.MULTILINE),
              f"calm: connection {name} is told of\n{output}")


def chaos(scratch):
    results = Path(scratch, "chaos.json")
    status, output, said = run("--chaos", "--rounds", 6, "--interval", "100ms", "--json", results)
    check((status, said) == (0, ""), f"chaos: status {status}\n{said}{output}")
    requests = json.loads(results.read_text())["requests"]
    check([each["fault"] for each in requests["chaos"]] == ["killed", "paused", "slowed"], f"chaos: all of it\n{output}")
    check(requests["failed"] > 0 and requests["wrong"] == 0, f"chaos: some fail, and nobody gets another's reply\n{output}")
    check(all(each["failed"] == 0 for each in requests["rounds"][2:]), f"chaos: only the kill costs anybody his reply\n{output}")
    check("[chaos] server killed" in output and "ConnectionLostException" in output, f"chaos: it is told of\n{output}")
    print(output, end="")


with tempfile.TemporaryDirectory() as directory:
    calm(directory)
    chaos(directory)
print("loadtest reports what became of each request, calm and in chaos")
