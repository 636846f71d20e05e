#!/bin/sh
# Installs what building (or testing) needs on Debian and Ubuntu, and says what it does.
# It asks nothing. On other systems it lists what is needed and goes on.
set -eu

build="gcc libc6-dev pkg-config libgl1-mesa-dev libx11-dev libxrandr-dev libxxf86vm-dev libxi-dev libxcursor-dev libxinerama-dev libwayland-dev libxkbcommon-dev libgl1"
test_tools="xvfb xdotool xclip openbox x11-utils poppler-utils qpdf imagemagick libgl1-mesa-dri"

want=$build
[ "${1:-build}" = test ] && want="$build $test_tools"

root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
	missing=""
	for p in $want; do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
	done
	if ! command -v go >/dev/null 2>&1 && [ ! -x /usr/local/go/bin/go ]; then missing="$missing golang-go"; fi
	if [ -n "$missing" ]; then
		if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
			echo "Some system packages are missing. Please run this once, then try again:"
			echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing"
			exit 1
		fi
		echo "installing system packages:$missing"
		root apt-get update -qq
		root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
	fi
elif [ "$(uname -s)" = Linux ]; then
	echo "This is not Debian or Ubuntu: install a C compiler, pkg-config and the development files of OpenGL, X11 and Wayland yourself (the names for Debian: $build)."
fi

go=$(command -v go || echo /usr/local/go/bin/go)
if ! "$go" version >/dev/null 2>&1; then
	echo "Go is missing. Install Go 1.26 or newer from your system or from the Go project's download page, then try again."
	exit 1
fi
minor=$("$go" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
if [ "${minor:-0}" -lt 21 ]; then
	echo "This Go ($("$go" env GOVERSION)) is too old to fetch a newer one by itself. Install Go 1.26 or newer, then try again."
	exit 1
fi
