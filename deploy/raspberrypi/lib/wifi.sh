# shellcheck shell=bash
# Devices on the home's own network: each has a name and a password, and may speak for itself alone.

readonly wifi_secrets=$secrets/wifi wifi_listener=/etc/mosquitto/conf.d/telecare-wifi.conf

# let_in NAME...: after this the devices can speak to this machine's broker.
let_in() {
    check_root
    [[ -e $broker_passwords ]] || "$dry_run" ||
        stop "This machine is no hub yet." "Install the hub first, then run this again."
    say "Letting devices of the home's network in"
    local name
    [[ -d $wifi_secrets ]] || change "make $wifi_secrets" install -d -m 0700 "$wifi_secrets"
    for name; do
        secret "wifi/$name" root
    done
    install_broker
    say ""
    "$dry_run" && say "Nothing was changed: this was a dry run." && return
    say "Next, on each device: as server this machine's address, port 1884; as user its name, and as" \
        "  password what the file of that name in $wifi_secrets holds." \
        "  Which topics it may use, and what to write into $settings: docs/installer.md"
}

# Whose files are there; deleting one takes the device's right away at the next run.
wifi_devices() {
    [[ ! -d $wifi_secrets ]] || find "$wifi_secrets" -type f ! -name '*.new' -printf '%f\n' | sort
}

install_wifi_listener() {
    if ((${#devices[@]} > 0)) || [[ -n $(wifi_devices) ]]; then
        put 0644 root:root "$wifi_listener" <"$here/root$wifi_listener"
    else
        drop "the listener for Wi-Fi devices: there are none" "$wifi_listener"
    fi
}
