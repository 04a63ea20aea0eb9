#!/usr/bin/env python3
"""Sets the scan beside Hyperscan and ripgrep, on the same log and the same patterns.

    pip install hyperscan ripgrep
    python3 crates/heal-match/benches/compare.py

One thread, the log in memory (for ripgrep in a file), the best of nine runs (of three for ripgrep), GB/s. The others
are given the patterns without their captures, and only say where they match; heal captures, places and folds.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

SETS = [(50, False), (500, False), (2000, False), (50, True), (500, True), (2000, True)]


def bench_binary():
    build = ["cargo", "bench", "-p", "heal-match", "--bench", "scan", "--no-run", "--message-format", "json"]
    lines = subprocess.run(build, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    built = [json.loads(line) for line in lines]
    return next(b["executable"] for b in built if b.get("executable") and b["target"]["name"] == "scan")


def printed(binary, *wanted):
    return subprocess.run([binary, "--print", *map(str, wanted)], check=True, stdout=subprocess.PIPE).stdout


def best(runs, size, work):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return size / min(seconds) / 1e9


def hyperscan_speed(patterns, log):
    try:
        import hyperscan
    except ImportError:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = hyperscan.HS_FLAG_MULTILINE
    database.compile(
        expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns), flags=[flags] * len(patterns)
    )
    found = []
    return best(9, len(log), lambda: database.scan(log, match_event_handler=lambda *event: found.append(event) and None))


def ripgrep_speed(patterns, log, folder):
    rg = shutil.which("rg") or shutil.which("rg", path=str(pathlib.Path(sys.executable).parent))
    if rg is None:
        return None
    pattern_file, log_file = folder / "patterns", folder / "log"
    pattern_file.write_bytes(b"\n".join(patterns) + b"\n")
    log_file.write_bytes(log)
    search = [rg, "--no-unicode", "--no-config", "-j1", "-c", "--dfa-size-limit", "1G", "--regex-size-limit", "1G", "-f"]
    run = lambda: subprocess.run([*search, pattern_file, log_file], check=True, stdout=subprocess.DEVNULL)
    return best(3, len(log), run)


def main():
    binary = bench_binary()
    log = printed(binary, "log")
    print(f"{'patterns':>10}{'a tenth without a text':>24}{'heal':>8}{'hyperscan':>11}{'ripgrep':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for count, loose in SETS:
            which = (count, str(loose).lower())
            patterns = re.sub(rb"\(\?P<\w+>", b"(?:", printed(binary, "patterns", *which)).split(b"\n")
            heal = float(printed(binary, "speed", *which)) / 1e9
            others = [hyperscan_speed(patterns, log), ripgrep_speed(patterns, log, pathlib.Path(folder))]
            shown = ["-" if speed is None else f"{speed:.2f}" for speed in others]
            print(f"{count:>10}{'yes' if loose else 'no':>24}{heal:>8.2f}{shown[0]:>11}{shown[1]:>9}", flush=True)


if __name__ == "__main__":
    main()
