#!/usr/bin/env bash
# Turns a Raspberry Pi, or any small Debian machine, into a home's hub: --help explains.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
shopt -s inherit_errexit

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib/say.sh"
. "$here/lib/machine.sh"
. "$here/lib/secrets.sh"
. "$here/lib/broker.sh"
. "$here/lib/wifi.sh"
. "$here/lib/zigbee2mqtt.sh"
. "$here/lib/hub.sh"
. "$here/lib/remove.sh"

explain() {
    cat <<'TEXT'
Turns a Raspberry Pi, or any small Debian machine, into a home's telecare hub.

  sudo ./install.sh [--wheel FILE | --checkout DIR | --version X] [settings]
  sudo ./install.sh --wifi NAME [--wifi NAME]...
  sudo ./install.sh --uninstall | --purge

It may be run again at any time: it looks at each thing and changes only what differs. Power may fail
at any moment: run it again.

The hub's software comes from one of these
  --wheel FILE        a wheel, such as telecare-0.1.0-py3-none-any.whl
  --checkout DIR      the sources of the project (default where this script is inside them)
  --version X         that version, fetched by name (default elsewhere: the newest)
  --constraints FILE  the tried versions of its libraries (default: constraints.txt beside this
                      script or in the checkout)

First settings of the hub; they are written once, to /etc/telecare/hub.toml, and then yours
  --home NAME         the home this hub is in (default: home-1)
  --hub NAME          this hub, as the centre knows it (default: unclaimed)
  --time-zone ZONE    where the home is (default: this machine's, such as Europe/London)
  --centre URL        the monitoring centre (https://...)

  --wifi NAME         on a machine that is a hub: lets the Shelly, Tasmota or ESPHome device of that
                      name speak to its broker over the home's network, with a password of its own

  --uninstall         takes the hub away; its settings, recordings and key stay
  --purge             takes these away too: says what, and asks
  --yes               agrees beforehand to what would be asked
  --dry-run           says what would be done, and does nothing
  --help              this text

Examples
  sudo ./install.sh --wheel telecare-0.1.0-py3-none-any.whl --home h17 \
      --centre https://centre.example.org
  sudo ./install.sh --wifi kettle-plug --wifi front-door-contact
  ./install.sh --dry-run
  sudo ./install.sh --uninstall

What it sets up, and why: docs/installer.md
TEXT
}

mode=install assume_yes=false
source='' wheel_file='' checkout='' version='' constraints=''
home=home-1 hub=unclaimed time_zone='' centre=''
devices=()

read_options() {
    while (($# > 0)); do
        case $1 in
            --help | -h) explain && exit ;;
            --dry-run) dry_run=true ;;
            --yes) assume_yes=true ;;
            --uninstall) mode=uninstall ;;
            --purge) mode=purge ;;
            --wheel | --checkout | --version | --constraints | --home | --hub | --time-zone | --centre | --wifi)
                (($# > 1)) && [[ -n $2 ]] || misused "$1 needs a value."
                read_value "$1" "$2"
                shift
                ;;
            *) misused "There is no option $1." ;;
        esac
        shift
    done
}

read_value() {
    case $1 in
        --wheel) source=wheel wheel_file=$(a_file "$2" telecare-*.whl) ;;
        --checkout) source=checkout checkout=$(a_folder "$2") ;;
        --version) source=name version=$2 ;;
        --constraints) constraints=$(a_file "$2" '*') ;;
        --home) home=$(a_name "$@") ;;
        --hub) hub=$(a_name "$@") ;;
        --time-zone) time_zone=$(a_time_zone "$2") ;;
        --centre) centre=$(an_address "$2") ;;
        --wifi)
            mode=wifi
            local device
            device=$(a_device "$2")
            devices+=("$device")
            ;;
    esac
}

a_file() {
    # shellcheck disable=SC2053 # the right side is a pattern on purpose
    [[ -f $1 && $(basename "$1") == $2 ]] || misused "There is no file $2 at: $1"
    realpath "$1"
}

a_folder() {
    [[ -f $1/pyproject.toml ]] || misused "The project's sources are not at: $1"
    realpath "$1"
}

# These names become part of topics, addresses and file names.
a_name() {
    [[ $2 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ ]] ||
        misused "$1 takes letters, digits, dots and dashes, at most 64 of them, not: $2"
    printf '%s' "$2"
}

# A device of a name that the broker gives to others could speak for them.
a_device() {
    case $1 in telecare-* | zigbee2mqtt | installer) misused "--wifi: the name $1 is kept for the hub itself or another part of it. Give the device another name." ;; esac
    a_name --wifi "$1"
}

a_time_zone() {
    [[ $1 =~ ^[A-Za-z0-9_+/-]+$ && -f /usr/share/zoneinfo/$1 ]] ||
        misused "--time-zone takes a name such as Europe/London, not: $1"
    printf '%s' "$1"
}

an_address() {
    [[ $1 =~ ^https://[^\"\|\&[:space:]]+$ ]] || misused "--centre takes an address that begins with https://, not: $1"
    printf '%s' "$1"
}

# What was not said is found out.
fill_in() {
    if [[ -z $source ]]; then
        source=name
        [[ ! -f $here/../../pyproject.toml ]] || source=checkout checkout=$(realpath "$here/../..")
    fi
    local place
    for place in "$here/constraints.txt" "$here/../../constraints.txt"; do
        [[ -n $constraints || ! -f $place ]] || constraints=$(realpath "$place")
    done
    [[ -n $constraints ]] || misused "The file constraints.txt is not beside this script: give it by --constraints."
    [[ -n $time_zone ]] || time_zone=$(realpath /etc/localtime 2>/dev/null | sed -n 's|^/usr/share/zoneinfo/||p')
    [[ -n $time_zone && $time_zone != Etc/UTC ]] || time_zone=Europe/London
}

install_hub() {
    check_machine
    fill_in
    say "Setting up this machine as a hub"
    install_packages
    check_python
    install_user
    install_secrets
    install_software
    install_settings
    install_broker
    configure_zigbee2mqtt
    install_journal_limits
    install_service
    start_hub
    tell_what_next
}

uninstall_hub() {
    check_root
    say "Taking the hub away"
    remove_hub
    ((changes > 0)) || say "There was no hub."
    say "" "Kept: $data and $(dirname "$settings"), the user telecare, and the package mosquitto." \
        "To delete the hub's data as well: sudo $0 --purge"
}

purge_hub() {
    check_root
    say "Taking the hub away"
    remove_hub
    purge_data
    say "" "The hub is gone. The package mosquitto is kept; to remove it: sudo apt-get purge mosquitto"
}

tell_what_next() {
    say ""
    "$dry_run" && say "Nothing was changed: this was a dry run." && return
    ((changes > 0)) || say "Nothing had to be changed."
    say "Next:"
    if unclaimed; then
        say "  Claim this hub with the code from the centre: sudo telecare-gateway claim CODE" \
            "  Put the names that it prints into $settings"
    fi
    say "  List this home's sensors in $settings" \
        "  Start it anew: sudo systemctl restart $service" \
        "  See how it is doing: sudo telecare-gateway status"
}

main() {
    export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
    export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    umask 022
    read_options "$@"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    case $mode in
        install) install_hub ;;
        wifi) let_in "${devices[@]}" ;;
        uninstall) uninstall_hub ;;
        purge) purge_hub ;;
    esac
}

main "$@"
