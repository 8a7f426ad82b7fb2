# What the scripts share: say something, fail clearly, install packages. Sourced by them.

say() { printf '\n==> %s\n' "$*"; }

fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# install_missing PACKAGE... - installs what is missing when root, else says what to install.
install_missing() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "install what Debian calls: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || fail "these packages are missing. Install them and try again:
    sudo apt-get install ${missing[*]}"

    say "Installing ${missing[*]}"
    # Debian would start a web server of its own on port 80; nobody asked for that.
    local policy=/usr/sbin/policy-rc.d
    if [ -e $policy ]; then policy=; else printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy; fi
    local status=0
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" || status=$?
    [ -n "$policy" ] && rm -f "$policy"
    [ $status -eq 0 ] || fail "apt-get could not install ${missing[*]}"
}

# environment NAME REQUIREMENTS - a Python environment below .cache, made again when the versions change.
environment() {
    local place=$PWD/.cache/$1
    cmp -s "$2" "$place/requirements.txt" && return
    say "Installing what $2 names into .cache/$1"
    rm -rf "$place"
    /usr/bin/python3 -m venv "$place" &&
        "$place/bin/pip" install --disable-pip-version-check -q -r "$2" &&
        cp "$2" "$place/requirements.txt" || fail "the Python environment could not be made"
}

# Libraries the server links, and what it needs around it.
build_packages=(libfcgi-dev libgit2-dev libssl-dev zlib1g-dev libexpat1-dev liblmdb-dev
    libgmime-3.0-dev libcurl4-openssl-dev pkg-config tzdata git ca-certificates)

# Stops unless Swift 6.3 or newer is in PATH.
require_swift() {
    command -v swift >/dev/null || fail "Swift 6.3 or newer is needed: https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    printf '6.3\n%s\n' "$version" | sort -V -C ||
        fail "Swift 6.3 or newer is needed, this is ${version:-unknown}: https://www.swift.org/install/linux/"
}
