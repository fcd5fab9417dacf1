"""`python -m tools.bench [NAME …] [--rounds N] [--seconds S] [--accidents N]
[--enterprises N] [--obligations N] [--lines N] [--submissions N]`.

Without a name, all of them.
"""

import argparse
import sys
from collections.abc import Callable, Mapping

from tools.bench import accidents, gateway, openings, platform, relay, reports, scores, submissions
from tools.bench.figures import Table
from tools.bench.options import Options

BENCHES: Mapping[str, Callable[[Options, Table], None]] = {
    "gateway": gateway.measure,
    "reports": reports.measure,
    "relay": relay.measure,
    "platform": platform.measure,
    "accidents": accidents.measure,
    "openings": openings.measure,
    "scores": scores.measure,
    "submissions": submissions.measure,
}


def main() -> int:
    """Measure, print the table, and tell by the exit code whether every bound was kept."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="what to measure")
    parser.add_argument("--rounds", type=int, default=Options.rounds)
    parser.add_argument("--seconds", type=float, default=Options.seconds)
    parser.add_argument("--obligations", type=int, default=Options.obligations)
    parser.add_argument("--lines", type=int, default=Options.lines)
    parser.add_argument("--submissions", type=int, default=Options.submissions)
    parser.add_argument("--accidents", type=int, default=Options.accidents)
    parser.add_argument("--enterprises", type=int, default=Options.enterprises)
    asked = parser.parse_args()
    table = Table()
    options = Options(**{name: value for name, value in vars(asked).items() if name != "names"})
    for name in asked.names or BENCHES:
        BENCHES[name](options, table)
    print(f"\n{table}")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
