# shellcheck shell=bash
# Zigbee2MQTT is installed by its own means; here it is only told what the hub relies on.

readonly zigbee2mqtt_options=/etc/telecare/zigbee2mqtt.env
readonly zigbee2mqtt_guide=https://www.zigbee2mqtt.io/guide/installation/

configure_zigbee2mqtt() {
    local options
    options=$(options_with_password)
    put 0640 root:root "$zigbee2mqtt_options" <<<"$options"
    if [[ -e /etc/systemd/system/zigbee2mqtt.service || -e /lib/systemd/system/zigbee2mqtt.service ]]; then
        local extra=/etc/systemd/system/zigbee2mqtt.service.d/telecare.conf
        put 0644 root:root "$extra" <"$here/root$extra"
        ! systemctl is-active --quiet zigbee2mqtt.service ||
            refresh zigbee2mqtt.service "$zigbee2mqtt_options" "$extra"
    elif zigbee2mqtt_in_docker; then
        report 'you:' "Zigbee2MQTT runs in Docker; start it again with these options added:"
        report '' "--network host --env-file $zigbee2mqtt_options"
    else
        report 'you:' "Zigbee2MQTT is not here. Install it by its own guide, then run this again:"
        report '' "$zigbee2mqtt_guide"
    fi
}

options_with_password() {
    local password='' file=$secrets/zigbee2mqtt-mqtt-password
    [[ ! -r $file ]] || password=$(<"$file")
    sed "s|@PASSWORD@|$password|" "$here/root$zigbee2mqtt_options"
}

zigbee2mqtt_in_docker() {
    command -v docker >/dev/null && docker ps --all --format '{{.Image}}' 2>/dev/null | grep -q zigbee2mqtt
}
