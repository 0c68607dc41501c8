"""The watchdog: fuzzes each target in a process of its own and records how it ended.

    python tests/fuzz/run.py [--seconds N] [--faults FOLDER] [TARGET ...]

Targets: text, json, npy, arrow, parquet, config; all without a name. An exception but `XentError`, a crash, an input
that takes longer than 30 seconds and memory beyond 2 GiB are faults. Each is kept in FOLDER, the input beside the end
of what the process said, and the target goes on with the time that is left. The status is 1 if there is any fault. Mend
it, put the input into `seeds/TARGET/`, where the gate reads it from then on, and write a test that says what was wrong.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SEEDS = HERE / "seeds"
NAMES = ("text", "json", "npy", "arrow", "parquet", "config")
LIMITS = ("-timeout=30", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1")
MOST_FAULTS = 20
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)|^#(\d+)\s", re.MULTILINE)


@dataclass
class Course:
    """How a target went: inputs tried, seconds, and the faults."""

    runs: int
    seconds: float
    faults: list


def fuzzed(name, seconds, folder):
    """Fuzz a target for some seconds, starting again after each fault."""
    course = Course(0, 0.0, [])
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as corpus:
        while seconds - course.seconds >= 1 and len(course.faults) < MOST_FAULTS:
            ended = once(name, corpus, int(seconds - course.seconds), folder)
            said = ended.stderr.decode(errors="replace")
            course.runs += runs_of(said)
            course.seconds = time.monotonic() - begin
            if ended.returncode:
                course.faults.append(recorded(name, len(course.faults), ended.returncode, said, folder))
    return course


def once(name, corpus, seconds, folder):
    """Run the process that fuzzes until its time or a fault ends it; one that hangs is killed."""
    artifacts = f"-artifact_prefix={folder}/{name}-"
    command = [sys.executable, HERE / "fuzz.py", name, corpus, SEEDS / name, f"-max_total_time={seconds}", artifacts]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([*command, *LIMITS], stdout=said, stderr=said)
        try:
            status = process.wait(seconds + 120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = "it hung"
        said.seek(0)
        return subprocess.CompletedProcess(command, status, stderr=said.read())


def runs_of(said):
    """Return how many inputs a process tried, by the last line of libFuzzer's that counts them."""
    return max((int(done or shown) for done, shown in _RUNS.findall(said)), default=0)


def recorded(name, number, status, said, folder):
    """Keep what a process said before its end; the input that ended it stands beside, where libFuzzer named it."""
    log = folder / f"{name}-{number}.log"
    log.write_text(f"status {status}\n{said[-20_000:]}")
    raised = re.findall(r"^[\w.]*(?:Error|Exception|Invalid|NotImplemented)\w*: .*", said, re.MULTILINE)
    reasons = raised or re.findall(r"ERROR.*", said)
    return f"{log}: {reasons[0][:160] if reasons else status}"


def main():
    """Fuzz the targets that are asked for and say how it went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*", default=list(NAMES), metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=60, help="of each target")
    parser.add_argument("--faults", type=Path, default=Path(tempfile.gettempdir()) / "xent-faults")
    given = parser.parse_args()
    unknown = set(given.targets) - set(NAMES)
    if unknown:
        parser.error(f"{min(unknown)} is none of {', '.join(NAMES)}")
    given.faults.mkdir(parents=True, exist_ok=True)
    courses = {}
    for name in given.targets:
        course = courses[name] = fuzzed(name, given.seconds, given.faults)
        print(f"{name:8} {course.runs:9,} inputs {course.seconds:6.0f} s {len(course.faults):3} faults", flush=True)
        print("".join(f"  {fault}\n" for fault in course.faults), end="", flush=True)
    return int(any(course.faults for course in courses.values()))


if __name__ == "__main__":
    sys.exit(main())
