"""How fast the reference is beside PyTorch and TensorFlow: python -m benchmarks.convolution [--threads 1 2] [--rounds 5]

Makes an environment of its own in `.bench` the first time (PyTorch and TensorFlow for the CPU: a few hundred megabytes
to fetch). Then each library answers in a process of its own, one after the other, again and again, since a shared machine
drifts. What counts is the least time of each: other work on the machine can only add to it. Tables in Markdown;
`docs/performance.md` holds some.
"""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import prod
from pathlib import Path

from benchmarks import environments
from benchmarks.workloads import PASSES, WORKLOADS, Task

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".bench"
# PyPI's PyTorch for Linux brings gigabytes of CUDA; its makers' own index has it without, for x86.
TORCH = "2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
TENSORFLOW = "tensorflow-cpu==2.21.0"
THREADPOOLCTL = "threadpoolctl==3.6.0"  # asks OpenBLAS which kernels it has chosen
ENGINES = ("kit", "im2col", "loops", "winograds", "torch", "tensorflow")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    options = parser.parse_args()
    python = environment()
    print(machine(python))
    for threads in options.threads:
        for kernels in kernel_choices(python):
            title = f"{threads} thread{'s' * (threads > 1)}, OpenBLAS's kernels: {core(python, kernels)}"
            print(f"\n## {title} ({kernels or 'NumPy as shipped'})\n")
            print(table(measure(python, threads, kernels, options.workloads, options.rounds)))
    if sys.platform == "linux":
        print(f"\n## Memory beyond the result, forward, one thread\n\n{memory(python, options.workloads)}")


def environment() -> Path:
    """Make `.bench` unless it is there; return its Python."""
    return environments.environment(HOME, _install)


def _install(pip: list[str | Path]) -> None:
    command = [*pip, TENSORFLOW, THREADPOOLCTL]
    cpu_only = [*command, "--extra-index-url", TORCH_INDEX, f"torch=={TORCH}+cpu"]
    if subprocess.run(cpu_only, check=False).returncode:
        subprocess.run([*command, f"torch=={TORCH}"], check=True)


def kernel_choices(python: Path) -> list[str]:
    """What OpenBLAS is told about the CPU: nothing, and, if it does without AVX-512 that is there, to use it.

    It may do without because `OPENBLAS_CORETYPE` says so in the environment, or because the CPU is newer than itself.
    """
    info = Path("/proc/cpuinfo")
    able = info.exists() and " avx512f" in info.read_text()
    overlooked = able and core(python, "") in ("Haswell", "Zen")
    return ["", "OPENBLAS_CORETYPE=SkylakeX"] if overlooked else [""]


def core(python: Path, kernels: str) -> str:
    """The CPU for which OpenBLAS believes to multiply."""
    script = "import numpy, threadpoolctl; print(threadpoolctl.threadpool_info()[0]['architecture'])"
    command = [python, "-c", script]
    environment = os.environ | settings(kernels)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def settings(kernels: str) -> dict[str, str]:
    """`NAME=value` as a part of an environment."""
    name, _, value = kernels.partition("=")
    return {name: value} if name else {}


def machine(python: Path) -> str:
    """The machine and the versions, in a line."""
    script = (
        "import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'; import numpy, torch, tensorflow as tf;"
        "print(f'NumPy {numpy.__version__}, PyTorch {torch.__version__}, TensorFlow {tf.__version__}')"
    )
    versions = subprocess.run(
        [python, "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()
    info = Path("/proc/cpuinfo")
    names = (
        [line for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    cpu = names[0].split(":")[1].strip() if names else platform.processor()
    return (
        f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {versions}"
    )


class Engine:
    """A process that computes with one library. `tuned`: see `benchmarks.tuning`."""

    def __init__(self, python: Path | str, name: str, threads: int, kernels: str, tuned: Sequence[str] = ()):
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        if threads == 1:
            environment["OPENBLAS_NUM_THREADS"] = "1"
        environment |= settings(kernels)
        command = [python, "-m", *tuned, "benchmarks.workloads", name, str(threads)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)
        self.process.stdout.readline()

    def ask(self, workload: str, which: str) -> float | None:
        """What one run takes, seconds or bytes; None for a pass that this library does not have."""
        print(workload, which, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f"the process of {self.process.args[-2]} ended at {workload}, {which}")
        return None if answer == "-" else float(answer)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


Times = dict[tuple[str, str, str], float]


def measure(python: Path, threads: int, kernels: str, workloads: list[str], rounds: int) -> Times:
    """The least seconds by (workload, pass, engine)."""
    with stopping({name: Engine(python, name, threads, kernels) for name in ENGINES}) as engines:
        return take_turns(engines, workloads, rounds)


@contextmanager
def stopping(engines: dict[str, Engine]) -> Iterator[dict[str, Engine]]:
    try:
        yield engines
    finally:
        for engine in engines.values():
            engine.stop()


def take_turns(engines: Mapping[str, Engine], workloads: Sequence[str], rounds: int) -> Times:
    """The least seconds by (workload, pass, engine); the engines take turns."""
    best: Times = {}
    for workload in workloads:
        for which in PASSES:
            times = {name: [] for name in engines}
            for _ in range(rounds):
                for name, engine in engines.items():
                    times[name].append(engine.ask(workload, which))
            best |= {(workload, which, name): min(each) for name, each in times.items() if None not in each}
    return best


def table(best: Times) -> str:
    """Milliseconds, and the reference's time divided by the others'."""
    lines = [
        "| workload | pass | kit, ms | ÷ PyTorch | ÷ TensorFlow | im2col ÷ kit | loops ÷ kit | Winograd ÷ PyTorch |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for workload, which in dict.fromkeys(key[:2] for key in best):
        ours, theirs, tf, matrix, plain, fewer = (
            best.get((workload, which, name))
            for name in ("kit", "torch", "tensorflow", "im2col", "loops", "winograds")
        )
        ratios = (
            ratio(ours, theirs),
            ratio(ours, tf),
            ratio(matrix, ours),
            ratio(plain, ours),
            ratio(fewer, theirs),
        )
        lines.append(f"| {workload} | {which} | {1000 * ours:.3f} | {' | '.join(ratios)} |")
    for which in PASSES:
        means = [geometric_mean(best, which, name) for name in ("torch", "tensorflow")]
        lines.append(f"| **geometric mean** | {which} | | {means[0]:.2f} | {means[1]:.2f} | | | |")
    return "\n".join(lines)


def ratio(ours: float | None, theirs: float | None) -> str:
    return f"{ours / theirs:.2f}" if ours and theirs else ""


def geometric_mean(best: Times, which: str, engine: str) -> float:
    ratios = [
        best[workload, which, "kit"] / best[workload, which, engine]
        for workload in dict.fromkeys(key[0] for key in best)
    ]
    return prod(ratios) ** (1 / len(ratios))


def memory(python: Path, workloads: list[str]) -> str:
    """Megabytes by which a process grows at most, less the result; a process for each number."""
    names = ("kit", "im2col", "torch", "tensorflow")
    lines = [
        "| workload | images and result, MB | kit, MB | im2col, MB | PyTorch, MB | TensorFlow, MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for workload in workloads:
        task = Task(WORKLOADS[workload])
        peaks = [max(0, peak(python, name, workload) - task.upstream.nbytes) for name in names]
        numbers = [task.inputs.nbytes + task.upstream.nbytes, *peaks]
        lines.append(f"| {workload} | {' | '.join(f'{each / 1e6:.1f}' for each in numbers)} |")
    return "\n".join(lines)


def peak(python: Path, name: str, workload: str) -> float:
    engine = Engine(python, name, 1, "")
    try:
        engine.ask("tiny", "forward")  # what a library allocates once and keeps
        return engine.ask(workload, "memory")
    finally:
        engine.stop()


if __name__ == "__main__":
    main()
