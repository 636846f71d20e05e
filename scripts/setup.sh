#!/bin/sh
# Installs what building (or testing) needs on Debian and Ubuntu, and says what it does.
# It asks nothing. On other systems it lists what is needed and goes on.
set -eu

build="gcc libc6-dev pkg-config libgl1-mesa-dev libx11-dev libxrandr-dev libxxf86vm-dev libxi-dev libxcursor-dev libxinerama-dev libwayland-dev libxkbcommon-dev libgl1"
# With these the window shows names in Arabic, Hebrew, Chinese, Japanese and Korean.
fonts="fonts-dejavu-core fonts-droid-fallback"
test_tools="xvfb xdotool xclip openbox x11-utils poppler-utils qpdf imagemagick libgl1-mesa-dri syncthing strace"

want=$build
[ "${1:-build}" = test ] && want="$build $test_tools"

if [ "$(id -u)" = 0 ]; then root=yes; elif sudo -n true 2>/dev/null; then root=sudo; else root=; fi

# apt runs apt-get as root, waits for another one that is at work, and asks nothing.
apt() {
	set -- env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@"
	[ $root = yes ] || set -- sudo -n "$@"
	"$@" </dev/null
}

# absent tells which of some packages are not installed.
absent() {
	for p in "$@"; do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || printf ' %s' "$p"
	done
}

if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
	missing=$(absent $want)
	command -v go >/dev/null 2>&1 || [ -x /usr/local/go/bin/go ] || missing="$missing golang-go"
	install="$missing$(absent $fonts)"
	if [ -z "$root" ] && [ -n "$missing" ]; then
		run="apt-get update && apt-get install -y --no-install-recommends$install"
		echo "Some system packages are missing. Please run this once, then try again:"
		if command -v sudo >/dev/null 2>&1; then echo "  sudo sh -c '$run'"; else echo "  su - -c '$run'"; fi
		exit 1
	fi
	if [ -n "$root" ] && [ -n "$install" ]; then
		echo "installing system packages:$install"
		apt update || echo "Not every source of packages answered; going on with those that did."
		apt install -y --no-install-recommends $install >/dev/null
	fi
elif [ "$(uname -s)" = Linux ]; then
	echo "This is not Debian or Ubuntu: install a C compiler, pkg-config and the development files of OpenGL, X11 and Wayland yourself (the names for Debian: $build)."
fi

if ! sh "$(dirname "$0")/go.sh" fetch >/dev/null; then
	echo "No Go here can build this. Install the Go that go.mod names or a newer one, from your system or from go.dev, then try again."
	exit 1
fi
