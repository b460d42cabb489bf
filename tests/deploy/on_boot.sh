#!/bin/bash
# Runs inside a booted hub and writes down what it finds, under headings that test_boot.py reads.

state() { systemctl show telecare-hub --property=ActiveState,NRestarts; }
pid() { systemctl show telecare-hub --property=MainPID --value; }
restarts() { systemctl show telecare-hub --property=NRestarts --value; }

# Waits until it has been started more often than this.
restarted() {
    for _ in $(seq 300); do
        (($(restarts) > $1)) && systemctl is-active --quiet telecare-hub && return
        sleep 0.2
    done
}

install_again() {
    PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels \
        /root/telecare/install.sh --wheel /root/telecare/*.whl
}

# Says as Zigbee2MQTT that somebody moved, and gives the hub a moment to hear it.
move() {
    /opt/telecare/current/bin/python - "$(cat /etc/telecare/secrets/zigbee2mqtt-mqtt-password)" <<'PYTHON'
import sys

from paho.mqtt.publish import single

topic, where = "zigbee2mqtt/bathroom-pir", "127.0.0.1"
who = {"username": "zigbee2mqtt", "password": sys.argv[1]}
for moved in ("true", "false"):
    single(topic, f'{{"occupancy": {moved}}}', qos=1, hostname=where, auth=who)
PYTHON
    sleep 3
}

# Does something from inside the hub's walls.
walled() {
    nsenter --target "$(pid)" --mount --setuid "$(id -u telecare)" --setgid "$(id -g telecare)" "$@"
}

echo "== started"
state

echo "== rights"
grep -E 'NoNewPrivs|Seccomp:|CapEff|^Uid' "/proc/$(pid)/status"

echo "== writable"
for place in /etc /opt/telecare /usr /home /boot /var/log /var/lib /var/lib/telecare; do
    walled touch "$place/planted" 2>/dev/null && echo "$place"
done

echo "== heard"
move
telecare-gateway status --json

echo "== again"
before=$(pid)
install_again
(($(pid) == before)) && echo "the same process"

echo "== killed"
count=$(restarts)
kill -KILL "$(pid)"
restarted "$count"
state

echo "== rules"
before=$(pid)
echo "# spoilt" >>/etc/mosquitto/telecare.acl
install_again
(($(pid) == before)) && echo "the same process"
sleep 3
move
telecare-gateway status --json

echo "== frozen"
mkdir -p /run/systemd/system/telecare-hub.service.d
printf '[Service]\nWatchdogSec=5s\n' >/run/systemd/system/telecare-hub.service.d/impatient.conf
systemctl daemon-reload
systemctl restart telecare-hub
count=$(restarts)
kill -STOP "$(pid)"
restarted "$count"
state

echo "== bridge"
systemctl start zigbee2mqtt
cat /root/environment

echo "== unclaimed"
sed -i 's/^id = .*/id = "unclaimed"/' /etc/telecare/hub.toml
systemctl restart telecare-hub
state

echo "== log"
journalctl -u telecare-hub --no-pager | tail -n 60
