# shellcheck shell=bash
# Mosquitto: who may connect, who may say what, and what it keeps while the hub is away.

readonly broker_passwords=/etc/mosquitto/telecare.passwd

install_broker() {
    check_broker_settings
    install_broker_passwords
    put 0600 mosquitto:mosquitto /etc/mosquitto/telecare.acl <"$here/root/etc/mosquitto/telecare.acl"
    put 0644 root:root /etc/mosquitto/conf.d/telecare.conf \
        <"$here/root/etc/mosquitto/conf.d/telecare.conf"
    install_wifi_listener
    "$dry_run" || quietly systemctl enable mosquitto.service
    refresh mosquitto.service \
        "$broker_passwords" /etc/mosquitto/telecare.acl /etc/mosquitto/conf.d/telecare.conf \
        /etc/mosquitto/conf.d # newer once a file has gone from it
}

# Mosquitto refuses to start when two files answer the same question.
check_broker_settings() {
    local other
    other=$(grep -lsE '^[[:space:]]*(password_file|acl_file|allow_anonymous|per_listener_settings)\b' \
        /etc/mosquitto/mosquitto.conf /etc/mosquitto/conf.d/*.conf | grep -v /telecare.conf) || return 0
    stop "Mosquitto's access is already set in: ${other//$'\n'/ }" \
        "The hub brings its own users and rules, and the two would clash." \
        "Move those lines out of the way, or install the hub on a machine of its own."
}

# Mosquitto keeps only salted hashes, so whether they are right is told by which file is newer.
install_broker_passwords() {
    local name fresh=true
    for name in hub zigbee2mqtt installer; do
        [[ $broker_passwords -nt $secrets/$name-mqtt-password ]] || fresh=false
    done
    # Of a folder from which a file has gone the time is new, too.
    [[ -z $(find "$wifi_secrets" -newer "$broker_passwords" 2>/dev/null) ]] || fresh=false
    if "$fresh"; then
        report ok "$broker_passwords"
    else
        change "write $broker_passwords" write_broker_passwords
    fi
}

# The passwords go by file, as a command line can be read by every process.
write_broker_passwords() {
    local plain=$work/passwords name
    install -m 0600 /dev/null "$plain"
    {
        printf 'telecare-hub:%s\n' "$(<"$secrets/hub-mqtt-password")"
        printf 'zigbee2mqtt:%s\n' "$(<"$secrets/zigbee2mqtt-mqtt-password")"
        printf 'installer:%s\n' "$(<"$secrets/installer-mqtt-password")"
        for name in $(wifi_devices); do
            printf '%s:%s\n' "$name" "$(<"$wifi_secrets/$name")"
        done
    } >"$plain"
    mosquitto_passwd -U "$plain"
    place 0600 mosquitto:mosquitto "$broker_passwords" "$plain"
}
