# shellcheck shell=bash
# The hub itself: its user, its software in releases, its settings and its service.

readonly software=/opt/telecare data=/var/lib/telecare settings=/etc/telecare/hub.toml
readonly service=telecare-hub.service

install_user() {
    if getent passwd telecare >/dev/null; then
        report ok "user telecare"
    else
        change "make the user telecare, who cannot log in" quietly useradd --system --user-group \
            --home-dir "$data" --no-create-home --shell /usr/sbin/nologin telecare
    fi
    if [[ -d $data ]]; then
        report ok "$data"
    else
        change "make $data" install -d -m 0750 -o telecare -g telecare "$data"
    fi
}

# Each release has a folder of its own, named after what went into it, and `current` points at one.
# The pointer moves only when a release is complete, so power lost at any moment leaves a hub that runs.
install_software() {
    local wheel release
    wheel=$(the_wheel)
    if [[ -z $wheel ]]; then # only in a dry run: finding out would mean fetching
        report would "fetch telecare and install it in $software/releases"
        return
    fi
    release=$software/releases/$(release_name "$wheel")
    if [[ -e $release/complete ]]; then
        report ok "$release"
    else
        "$dry_run" || check_room "$(dirname "$software")"
        change "install $(basename "$wheel") in $release (some minutes)" build_release "$wheel" "$release"
    fi
    if [[ $(readlink "$software/current") == "$release" ]]; then
        report ok "$software/current"
    else
        change "point $software/current at it" point_at "$release"
    fi
    put 0755 root:root /usr/local/bin/telecare-gateway <"$here/root/usr/local/bin/telecare-gateway"
}

# the_wheel: the file to install: as given, or built from a checkout, or fetched by name.
the_wheel() {
    case $source in
        wheel) printf '%s' "$wheel_file" ;;
        *) "$dry_run" || make_wheel ;;
    esac
}

make_wheel() {
    local wanted=telecare${version:+==$version}
    [[ $source == name ]] || wanted=$checkout
    python3 -m venv "$work/pip"
    # The console belongs to the centre; building it would want Node here.
    TELECARE_WITHOUT_CONSOLE=1 quietly "$work/pip/bin/pip" wheel --no-cache-dir --no-deps --wheel-dir "$work/wheel" "$wanted" ||
        stop "No wheel could be had of: $wanted" "Is this machine online? Or give one by --wheel FILE."
    printf '%s' "$work"/wheel/telecare-*.whl
}

release_name() {
    local version digest
    version=$(basename "$1" | cut -d- -f2)
    digest=$({
        cat "$1" "$constraints"
        ! command -v python3 >/dev/null || python3 --version
    } | sha256sum | cut -c1-12)
    printf '%s-%s' "$version" "$digest"
}

build_release() {
    local wheel=$1 release=$2
    rm -rf "$release"
    install -d -m 0755 "$release"
    python3 -m venv "$release"
    # Only wheels: compiling NumPy on a Raspberry Pi takes hours and then fails for want of memory.
    quietly "$release/bin/pip" install --no-cache-dir --only-binary=:all: --constraint "$constraints" \
        "telecare[gateway] @ file://$wheel" ||
        stop "The hub's libraries could not be installed (the lines above say which)." \
            "Is this machine online, and is there room? Then run this again: it goes on from here."
    touch "$release/complete"
    sync -f "$release"
}

point_at() {
    local release=$1 old
    old=$(readlink "$software/current") || old=
    ln -s "$release" "$software/current.new"
    mv -T "$software/current.new" "$software/current"
    find "$software/releases" -mindepth 1 -maxdepth 1 \
        ! -path "$release" ! -path "${old:-$release}" -exec rm -rf {} +
}

# The settings belong to the person who looks after this hub: written once, then never again.
install_settings() {
    if [[ -e $settings ]]; then
        report ok "$settings (yours: left as it is)"
        return
    fi
    local first
    first=$(first_settings)
    put 0640 root:telecare "$settings" <<<"$first"
}

# first_settings: the template with what is known of this home; a centre that is known is switched on.
first_settings() {
    sed -e "s|@HUB@|$hub|" -e "s|@HOME@|$home|" -e "s|@TIME_ZONE@|$time_zone|" \
        ${centre:+-e '/^# \[centre\]/,/^# url/s/^# //'} \
        -e "s|@CENTRE@|${centre:-https://centre.example.org}|" "$here/root$settings"
}

install_service() {
    local folder=/etc/systemd/system
    put 0644 root:root "$folder/$service" <"$here/root$folder/$service"
    if (($(systemctl --version | awk 'NR == 1 { print $2 }') >= 254)); then
        put 0644 root:root "$folder/$service.d/backoff.conf" <"$here/root$folder/$service.d/backoff.conf"
    fi
    if [[ -L $folder/multi-user.target.wants/$service ]]; then
        report ok "$service starts with the machine"
    else
        change "let $service start with the machine" quietly systemctl enable "$service"
    fi
    "$dry_run" || ! booted || quietly systemctl daemon-reload
}

start_hub() {
    if unclaimed; then
        report ok "the hub starts once it has its name from the centre"
    elif ! booted; then
        report ok "systemd does not run here: the hub starts when this machine boots"
    else
        refresh "$service" "/etc/systemd/system/$service" "/etc/systemd/system/$service.d/backoff.conf" \
            "$software/current" "$settings" "$secrets/hub-mqtt-password"
    fi
}

# As in the service's own condition.
unclaimed() { [[ ! -e $settings ]] || grep -q '^id = "unclaimed"' "$settings"; }
