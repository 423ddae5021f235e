#!/usr/bin/env bash
# Makes what the tests need to run programs for Windows: Wine's files, with a
# registry, in DIR/prefix, and the command DIR/wine for KEYVALUE_TEST_WINE.
#
#   wine-prefix.sh DIR
#
# It needs Wine for 64-bit programs and, if that is older than 9.0, MinGW:
# Debian's packages wine64, wine and gcc-mingw-w64-x86-64-win32.
set -euo pipefail
[ $# = 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)

# find_program prints the first of the programs that is there.
find_program() {
  local program
  for program; do
    command -v "$program" && return
  done
  echo "none of these programs is there: $*" >&2
  return 1
}
wine=$(find_program /usr/lib/wine/wine64 wine64 wine)
server=$(find_program /usr/lib/wine/wineserver64 wineserver64 wineserver)

# Neither a display, nor .NET, nor a browser, which Wine would ask for.
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY WAYLAND_DISPLAY
log=$dir/wine.log
if ! "$wine" wineboot -i >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
"$server" -w # until the files are written

system=$WINEPREFIX/drive_c/windows/system32
if [ ! -e "$system/bcryptprimitives.dll" ]; then
  x86_64-w64-mingw32-gcc -O2 -Wall -shared -o "$system/bcryptprimitives.dll" "$here/bcryptprimitives.c" -ladvapi32
fi

cat >"$dir/wine" <<WINE
#!/bin/sh
export WINEPREFIX='$WINEPREFIX' WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY WAYLAND_DISPLAY
exec '$wine' "\$@"
WINE
chmod +x "$dir/wine"
"$wine" --version
