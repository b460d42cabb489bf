"""A machine made of files, as the kernel of a Raspberry Pi shows itself."""

from pathlib import Path

FILES = {
    "etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
    "proc/self/status": "Name:\tpython\nVmPeak:\t  99999 kB\nVmRSS:\t   91000 kB\n",
    "proc/meminfo": "MemTotal:  1900000 kB\nMemFree:  100 kB\nMemAvailable:  700000 kB\n",
    "proc/loadavg": "0.25 0.10 0.05 1/123 4567\n",
    "sys/class/thermal/thermal_zone0/temp": "51121\n",
    "sys/class/thermal/thermal_zone1/temp": "48000\n",
    "sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
    "sys/class/hwmon/hwmon1/name": "rpi_volt\n",
    "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n",
    "run/systemd/timesync/synchronized": "",
}


def machine_in(root: Path, **changes: str) -> Path:
    """Builds the tree at `root`; `changes` replace the content of files whose path ends so."""
    for path, content in FILES.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(changes.get(place.name, content), "utf-8")
    return root
