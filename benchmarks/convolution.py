"""How fast the reference is beside PyTorch and TensorFlow: python -m benchmarks.convolution [--threads 1 2] [--rounds 15]

Makes an environment of its own in `.bench` the first time (PyTorch and TensorFlow for the CPU: a few hundred megabytes
to fetch). Then each library answers in a process of its own, one after the other, again and again, since a shared machine
drifts: ratios of medians say more than seconds. Tables in Markdown; `docs/performance.md` holds some.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tracemalloc
import venv
from math import prod
from pathlib import Path

from benchmarks.workloads import PASSES, WORKLOADS, Task, im2col, kit

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".bench"
# PyPI's PyTorch for Linux brings gigabytes of CUDA; its makers' own index has it without, for x86.
TORCH = "2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
TENSORFLOW = "tensorflow-cpu==2.21.0"
ENGINES = ("kit", "im2col", "loops", "winograds", "torch", "tensorflow")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    options = parser.parse_args()
    python = environment()
    print(machine(python))
    for threads in options.threads:
        for kernels in kernel_choices():
            print(f"\n## {threads} thread{'s' * (threads > 1)}, {kernels or 'NumPy as shipped'}\n")
            print(table(measure(python, threads, kernels, options.workloads, options.rounds)))
    print(f"\n## Memory beyond the result, forward, one thread\n\n{memory(options.workloads)}")


def environment() -> Path:
    """Make `.bench` unless it is there; return its Python."""
    python = HOME / "bin" / "python"
    if not (HOME / "ready").exists():
        print(f"Setting up {HOME} (once)", file=sys.stderr)
        venv.create(HOME, with_pip=True, clear=True)
        (HOME / ".gitignore").write_text("*\n")
        install = [python, "-m", "pip", "install", "--quiet", TENSORFLOW, f"numpy=={numpy_version()}"]
        cpu_only = [*install, "--extra-index-url", TORCH_INDEX, f"torch=={TORCH}+cpu"]
        if subprocess.run(cpu_only, check=False).returncode:
            subprocess.run([*install, f"torch=={TORCH}"], check=True)
        (HOME / "ready").touch()
    return python


def numpy_version() -> str:
    import numpy

    return numpy.__version__


def kernel_choices() -> list[str]:
    """What OpenBLAS is told about the CPU: nothing, and, if it has AVX-512, that it is one.

    OpenBLAS knows CPUs by name, and takes those that are newer than itself for older ones without AVX-512.
    """
    info = Path("/proc/cpuinfo")
    return ["", "OPENBLAS_CORETYPE=SkylakeX"] if info.exists() and " avx512f" in info.read_text() else [""]


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
    """A process that computes with one library."""

    def __init__(self, python: Path, name: str, threads: int, kernels: str):
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        if threads == 1:
            environment["OPENBLAS_NUM_THREADS"] = "1"
        if kernels:
            variable, value = kernels.split("=")
            environment[variable] = value
        command = [python, "-m", "benchmarks.workloads", name, str(threads)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)
        self.process.stdout.readline()

    def seconds(self, workload: str, which: str) -> float | None:
        """What one run takes; None for a pass that this library does not have."""
        print(workload, which, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f"the process of {self.process.args[-2]} ended at {workload}, {which}")
        return None if answer == "-" else float(answer)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


Medians = dict[tuple[str, str, str], float]


def measure(python: Path, threads: int, kernels: str, workloads: list[str], rounds: int) -> Medians:
    """Median seconds by (workload, pass, engine); the engines take turns."""
    engines = {name: Engine(python, name, threads, kernels) for name in ENGINES}
    medians: Medians = {}
    try:
        for workload in workloads:
            for which in PASSES:
                times = {name: [] for name in engines}
                for _ in range(rounds):
                    for name, engine in engines.items():
                        times[name].append(engine.seconds(workload, which))
                medians |= {
                    (workload, which, name): statistics.median(each)
                    for name, each in times.items()
                    if None not in each
                }
    finally:
        for engine in engines.values():
            engine.stop()
    return medians


def table(medians: Medians) -> str:
    """Milliseconds, and the reference's time divided by the others'."""
    lines = [
        "| workload | pass | kit, ms | ÷ PyTorch | ÷ TensorFlow | im2col ÷ kit | loops ÷ kit | Winograd ÷ PyTorch |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for workload, which in dict.fromkeys(key[:2] for key in medians):
        ours, theirs, tf, matrix, plain, fewer = (
            medians.get((workload, which, name))
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
        means = [geometric_mean(medians, which, name) for name in ("torch", "tensorflow")]
        lines.append(f"| **geometric mean** | {which} | | {means[0]:.2f} | {means[1]:.2f} | | | |")
    return "\n".join(lines)


def ratio(ours: float | None, theirs: float | None) -> str:
    return f"{ours / theirs:.2f}" if ours and theirs else ""


def geometric_mean(medians: Medians, which: str, engine: str) -> float:
    ratios = [
        medians[workload, which, "kit"] / medians[workload, which, engine]
        for workload in dict.fromkeys(key[0] for key in medians)
    ]
    return prod(ratios) ** (1 / len(ratios))


def memory(workloads: list[str]) -> str:
    """Megabytes that NumPy takes at most, without the result."""
    lines = [
        "| workload | shapes | images and result, MB | kit, MB | im2col, MB |",
        "|---|---|---:|---:|---:|",
    ]
    for name in workloads:
        task = Task(WORKLOADS[name])
        peaks = [peak(engine(task, 1)["forward"]) for engine in (kit, im2col)]
        both = (task.inputs.nbytes + task.upstream.nbytes) / 1e6
        lines.append(f"| {name} | {WORKLOADS[name]} | {both:.2f} | {peaks[0]:.2f} | {peaks[1]:.2f} |")
    return "\n".join(lines)


def peak(run) -> float:
    """Megabytes taken at most while `run` runs, less the array that it returns."""
    tracemalloc.start()
    try:
        result = run()
        return (tracemalloc.get_traced_memory()[1] - result.nbytes) / 1e6
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()
