"""What other values of a threshold would cost: python -m benchmarks.tuning NAME VALUE [VALUE …] [--workloads …]

NAME is one of `solutions/reference/engine/tuning.py`, which says what this found. Each value has a process of
its own, and they take turns, as in `benchmarks.convolution`; the present value is always among them. The table
gives its milliseconds, and the other values' times divided by it: above 1 the present value is faster. With
`--training` it measures an epoch of `benchmarks.training` instead, in seconds, exact and with Winograd's method, by
the fastest round. It needs neither PyTorch nor TensorFlow. Examples:

    python -m benchmarks.tuning BUFFER_BYTES 196608 3145728 --workloads bank vgg
    python -m benchmarks.tuning PAIRED_FILTERS 0 64 --workloads cifar 16x28x28x3,5x5x3x32,1,SAME
    python -m benchmarks.tuning PART_IMAGES 8 32 --training --threads 2
"""

import argparse
import sys

from benchmarks.convolution import Engine, stopping, take_turns
from benchmarks.training import EPOCH, Learner
from benchmarks.tuned import present_values
from benchmarks.workloads import PASSES, WORKLOADS

IMAGES = 2_000  # of a round of training


def main() -> None:
    present = present_values()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=present, metavar="NAME")
    parser.add_argument("values", nargs="+", metavar="VALUE")
    parser.add_argument(
        "--workloads", nargs="+", default=list(WORKLOADS), help="names, or as in 64x28x28x1,5x5x1x16,2,SAME"
    )
    parser.add_argument("--training", action="store_true", help="an epoch instead of convolutions")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    values = list(dict.fromkeys([str(present[options.name]), *options.values]))
    tuned = {value: ("benchmarks.tuned", f"{options.name}={value}") for value in values}
    rows = training(tuned, options) if options.training else convolutions(tuned, options)
    print(f"| {options.name} | {values[0]} | {' | '.join(f'÷ at {value}' for value in values[1:])} |")
    print(f"|---|{'---:|' * len(values)}")
    for title, (first, *others) in rows.items():
        print(f"| {title} | {first} | {' | '.join(f'{each / first:.2f}' for each in others)} |")


def convolutions(tuned: dict[str, tuple[str, str]], options: argparse.Namespace) -> dict[str, list[float]]:
    """For each workload and pass the milliseconds by value."""
    with stopping(
        {value: Engine(sys.executable, "kit", options.threads, "", each) for value, each in tuned.items()}
    ) as engines:
        best = take_turns(engines, options.workloads, options.rounds)
    return {
        f"{workload}, {which}": [round(1000 * best[workload, which, value], 4) for value in tuned]
        for workload in options.workloads
        for which in PASSES
    }


def training(tuned: dict[str, tuple[str, str]], options: argparse.Namespace) -> dict[str, list[float]]:
    """For each way of training the seconds of an epoch by value."""
    seconds = {}
    for name in ("exact", "winograd"):
        learners = [Learner(sys.executable, name, options.threads, IMAGES, each) for each in tuned.values()]
        try:
            rounds = [[learner.learn()[0] for learner in learners] for _ in range(options.rounds)]
        finally:
            for learner in learners:
                learner.stop()
        seconds[f"an epoch, {name}"] = [
            round(EPOCH / IMAGES * min(each), 2) for each in zip(*rounds, strict=True)
        ]
    return seconds


if __name__ == "__main__":
    main()
