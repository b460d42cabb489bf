# shellcheck shell=bash
# Passwords of this machine's own broker: made here, never shown, never made twice.

readonly secrets=/etc/telecare/secrets

# secret NAME GROUP: makes a password that GROUP may read, unless it is there.
secret() {
    local file=$secrets/$1 group=$2
    if [[ -s $file ]]; then
        report ok "$file"
    else
        change "make a password in $file" make_secret "$file" "$group"
    fi
}

make_secret() {
    install -d -m 0750 -g telecare "$secrets"
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' | place 0640 "root:$2" "$1" /dev/stdin
}

install_secrets() {
    secret hub-mqtt-password telecare
    secret zigbee2mqtt-mqtt-password root
    secret installer-mqtt-password root
}
