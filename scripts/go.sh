#!/bin/sh
# Prints a Go that can build this: an installed one that is new enough, or that fetches
# by itself what go.mod asks for (1.21 and newer do). An older one, such as Debian 12's,
# cannot, but with `go.sh fetch` it downloads the newer one as the module that it also
# is, checked against Go's checksum database.
cd "$(dirname "$0")/.." || exit 1

# A Go that is too old cannot read go.mod.
able() { [ -n "$1" ] && "$1" list -m >/dev/null 2>&1; }

old=
for go in "$(command -v go)" /usr/local/go/bin/go; do
	if able "$go"; then
		echo "$go"
		exit
	fi
	[ -n "$old" ] || [ ! -x "$go" ] || old=$go
done
[ -n "$old" ] || exit 1

version=$(sed -n 's/^go //p' go.mod)
module=golang.org/toolchain@v0.0.1-go$version.$("$old" env GOOS)-$("$old" env GOARCH)
new=$("$old" env GOMODCACHE)/$module
if [ "${1:-}" = fetch ] && ! able "$new/bin/go"; then
	echo "fetching Go $version, because $("$old" env GOVERSION) is too old" >&2
	(cd / && GO111MODULE=on "$old" mod download "$module" >&2) || exit 1
	# What the go command does itself with such a module: programs get their execute
	# bits, and go.mod files their names, which a module cannot hold.
	chmod -R u+w "$new"
	chmod +x "$new"/bin/* "$new"/pkg/tool/*/*
	find "$new" -name _go.mod | while read -r f; do cp "$f" "${f%_go.mod}go.mod"; done
fi
able "$new/bin/go" && echo "$new/bin/go"
