# shellcheck shell=bash
# Taking the hub away again. What it has learned stays unless somebody asks for that too to go.

remove_hub() {
    if booted && [[ -e /etc/systemd/system/$service ]]; then
        change "stop the hub" quietly systemctl stop "$service"
    fi
    if [[ -L /etc/systemd/system/multi-user.target.wants/$service ]]; then
        change "no longer start it with the machine" quietly systemctl disable "$service"
    fi
    drop "the service" "/etc/systemd/system/$service" "/etc/systemd/system/$service.d"
    drop "the software in $software" "$software"
    drop "the command" /usr/local/bin/telecare-gateway
    drop "the broker's users and rules" \
        "$broker_passwords" /etc/mosquitto/telecare.acl /etc/mosquitto/conf.d/telecare.conf \
        "$wifi_listener"
    drop "Zigbee2MQTT's options" \
        /etc/systemd/system/zigbee2mqtt.service.d/telecare.conf "$zigbee2mqtt_options"
    drop "the journal's limits" /etc/systemd/journald.conf.d/telecare.conf
    if booted && ((changes > 0)); then
        change "restart Mosquitto and the journal without them" restart_without_us
    fi
}

restart_without_us() {
    systemctl daemon-reload
    quietly systemctl try-restart mosquitto.service systemd-journald.service
}

purge_data() {
    local there=() path
    for path in "$data" "$(dirname "$settings")"; do
        [[ -e $path ]] && there+=("$path")
    done
    if ((${#there[@]} > 0)); then
        say "" "This deletes, and nothing brings it back:"
        du -sh "${there[@]}" | sed 's/^/    /'
        say "    (the settings, the passwords, this hub's key, and everything it has recorded and learned)"
        agreed || stop "Nothing of that was deleted."
        change "delete ${there[*]}" rm -rf -- "${there[@]}"
    fi
    if getent passwd telecare >/dev/null; then
        change "remove the user telecare" quietly userdel telecare
    fi
}

agreed() {
    "$dry_run" && return
    "$assume_yes" && return
    [[ -t 0 ]] || stop "Nobody is here to ask: --yes agrees beforehand."
    local answer
    read -r -p "Type delete to go on: " answer
    [[ $answer == delete ]]
}
