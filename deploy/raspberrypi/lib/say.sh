# shellcheck shell=bash
# What a run says, and the one way in which it changes anything.

dry_run=false
changes=0

# say LINE...
say() { printf '%s\n' "$@"; }

# One line for each thing looked at: it stands already, it was done, it would be done, it needs you.
report() { printf '  %-7s %s\n' "$1" "$2"; }

# stop SENTENCE...: ends the run; each argument is a line that says what was wrong and what to do.
stop() {
    printf 'install.sh: %s\n' "$1" >&2
    shift
    printf '            %s\n' "$@" >&2
    exit 1
}

# misused SENTENCE: ends a run that was asked for something that does not exist.
misused() {
    printf 'install.sh: %s\n            install.sh --help explains the options.\n' "$1" >&2
    exit 2
}

# change WHAT COMMAND...: does it, or in a dry run says that it would.
change() {
    local what=$1
    shift
    changes=$((changes + 1))
    if "$dry_run"; then
        report would "$what"
        return
    fi
    "$@"
    report done "$what"
}

# quietly COMMAND...: keeps a command's chatter back, and shows the end of it when the command fails.
quietly() {
    local log=$work/log
    "$@" >"$log" 2>&1 || {
        local code=$?
        tail -n 15 "$log" >&2
        return "$code"
    }
}

# put MODE OWNER:GROUP TARGET: makes TARGET what standard input holds, and touches it only if it
# differs. The new file takes the old one's place at once, so a power cut leaves one or the other.
put() {
    local mode=$1 owner=$2 target=$3 wanted
    wanted=$(mktemp "$work/put.XXXXXX")
    cat >"$wanted"
    if cmp -s "$wanted" "$target" && [[ $(stat -c '%#a %U:%G' "$target") == "$mode $owner" ]]; then
        report ok "$target"
    else
        change "write $target" place "$mode" "$owner" "$target" "$wanted"
    fi
}

place() {
    local mode=$1 owner=$2 target=$3 wanted=$4
    [[ -d ${target%/*} ]] || install -d -m 0755 "${target%/*}"
    install -m "$mode" -o "${owner%:*}" -g "${owner#*:}" "$wanted" "$target.new"
    sync "$target.new"
    mv -f "$target.new" "$target"
}

# drop WHAT PATH...: removes what is there of it.
drop() {
    local what=$1 path there=()
    shift
    for path; do
        [[ -e $path || -L $path ]] && there+=("$path")
    done
    ((${#there[@]} == 0)) || change "remove $what" rm -rf -- "${there[@]}"
}
