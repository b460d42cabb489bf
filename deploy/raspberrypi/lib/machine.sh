# shellcheck shell=bash
# Is this a machine that can be a hub? And the parts of the system that a hub leans on.

readonly room_needed=800 # MB: a release takes 300, its download 100; the system needs room to breathe

check_machine() {
    check_root
    check_system
    check_architecture
}

check_root() {
    ((EUID == 0)) || "$dry_run" ||
        stop "This changes the system, so it must run as root." "Run it again with: sudo $0"
}

check_system() {
    local id=none version=none
    if [[ -r /etc/os-release ]]; then
        # shellcheck source=/dev/null
        read -r id version < <(. /etc/os-release && printf '%s %s\n' "${ID:-}" "${VERSION_ID:-}")
    fi
    [[ $id == debian || $id == raspbian ]] ||
        stop "This system calls itself '$id'; a hub runs on Debian or Raspberry Pi OS." \
            "Write 64-bit Raspberry Pi OS Lite to the card and try again."
    [[ $version == 12 || $version == 13 ]] ||
        stop "This is release '$version'; a hub needs release 12 (bookworm) or 13 (trixie)." \
            "Write the present 64-bit Raspberry Pi OS Lite to the card and try again."
}

# A 64-bit kernel under 32-bit programs is common on a Raspberry Pi, so uname does not settle it.
check_architecture() {
    local architecture
    architecture=$(dpkg --print-architecture)
    [[ $architecture == arm64 || $architecture == amd64 ]] ||
        stop "This system is built for '$architecture'; the hub's libraries come for arm64 and amd64." \
            "On a Raspberry Pi 3 or later, write the 64-bit Raspberry Pi OS Lite and try again."
}

check_python() {
    local version
    if "$dry_run" && ! command -v python3 >/dev/null; then
        return # Debian's own would be installed
    fi
    version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || version=0
    printf '3.11\n%s\n' "$version" | sort --version-sort --check=quiet ||
        stop "Python 3.11 or later is needed; python3 here is: $version." \
            "Debian 12 and 13 bring it: is another Python first in PATH?"
}

# check_room FOLDER
check_room() {
    local free
    free=$(df --output=avail --block-size=1M "$1" | tail -n 1)
    ((free >= room_needed)) ||
        stop "Only ${free// /} MB are free for $1; the hub needs $room_needed MB to install." \
            "Make room (sudo apt-get clean; old files) or use a larger card, 16 GB or more."
}

# booted: whether systemd runs here. It does not while an image is built in a chroot; what is
# enabled then starts when the image boots.
booted() { [[ -d /run/systemd/system ]]; }

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

install_packages() {
    local package missing=()
    for package in python3 python3-venv mosquitto; do
        installed "$package" || missing+=("$package")
    done
    # A Raspberry Pi has no battery clock: without one of these its time is wrong after each power cut.
    installed chrony || installed ntpsec || installed openntpd || installed systemd-timesyncd ||
        missing+=(systemd-timesyncd)
    if ((${#missing[@]} == 0)); then
        report ok "Python, Mosquitto and a time service are installed"
    else
        change "install ${missing[*]}" get_packages "${missing[@]}"
    fi
}

get_packages() {
    local help="Is this machine online? Try: ping deb.debian.org ; then run this again."
    quietly apt-get -q update || stop "The package lists could not be fetched." "$help"
    quietly apt-get -q -y -o Dpkg::Options::=--force-confold install --no-install-recommends "$@" ||
        stop "These packages could not be installed: $*" "$help"
}

# The journal is on the card too: bound what it writes and how long it keeps it.
install_journal_limits() {
    put 0644 root:root /etc/systemd/journald.conf.d/telecare.conf \
        <"$here/root/etc/systemd/journald.conf.d/telecare.conf"
    refresh systemd-journald.service /etc/systemd/journald.conf.d/telecare.conf
}

# refresh UNIT FILE...: restarts a unit whose process is older than one of its files. Asking the files
# rather than remembering makes up for a run that was cut short.
refresh() {
    local unit=$1 started
    shift
    booted || return 0
    started=$(systemctl show --property=ExecMainStartTimestamp --value --timestamp=us "$unit")
    touch -d "${started:-1970-01-01 UTC}" "$work/started"
    if [[ -n $(find "$@" -maxdepth 0 -newer "$work/started" 2>/dev/null) ]]; then
        change "restart $unit" restart "$unit"
    else
        report ok "$unit runs with these settings"
    fi
}

restart() {
    systemctl daemon-reload
    quietly systemctl restart "$1" ||
        stop "$1 did not start." "See why: journalctl -u $1 -n 30" "Then run this again."
}
