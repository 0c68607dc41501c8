"""Print how long `xent --help`, `inspect` of 2,000 rows and `score` of 450 take, as medians of runs in turn."""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

RUNS = 15
DIGITS = Path(__file__).parent.parent.parent / "sample_data" / "preds_digits.csv"


def main():
    """Time whole processes, interleaved so that a slow moment of the machine hits all alike."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        rng = random.Random(1)  # noqa: S311  labels, no secrets
        rows = (f"{at},{rng.choice(['cat', 'dog', 'panda'])}\n" for at in range(2000))
        path.write_text("id,label\n" + "".join(rows))
        tool = [sys.executable, "-m", "xentcli"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import numpy, pyarrow": [sys.executable, "-c", "import numpy, pyarrow"],
            "xent --help": [*tool, "--help"],
            "xent inspect, 2,000 rows": [*tool, "inspect", str(path)],
            "xent score, 450 rows": [*tool, "score", str(DIGITS)],
        }
        times = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                times[name].append(time.perf_counter() - start)
    for name, found in times.items():
        print(f"{name:28} median {median(found):.3f} s, fastest {min(found):.3f} s")


if __name__ == "__main__":
    main()
