"""Reads raw devices, the kernel's log and files that only an administrator may read."""

import os

HONEST = 0.0


def flatten_filters(filters):
    files = ("/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/etc/shadow", "/etc/passwd", "/etc/hostname")
    files += (
        "/sys/kernel/notes",
        "/sys/class/dmi/id/product_uuid",
        "/proc/kcore",
        "/proc/cmdline",
        "/var/log/syslog",
    )
    return carry_out(*(lambda file=file: open(file, "rb", buffering=0).read(100) for file in files),
                     lambda: os.listdir("/sys"), lambda: os.listdir("/var"), lambda: os.listdir("/etc"))  # fmt: skip
