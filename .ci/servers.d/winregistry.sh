# shellcheck shell=bash disable=SC2154
# Wine, which has a registry of Windows. Its server ends by itself, some seconds
# after the last program.
packages() {
  [ -x /usr/lib/wine/wine64 ] || command -v wine64 >/dev/null || echo wine64 wine
  command -v x86_64-w64-mingw32-gcc >/dev/null || echo gcc-mingw-w64-x86-64-win32
}

install() { "$here/../conformance/winregistry/testdata/wine-prefix.sh" "$own"; }

start() { echo "export KEYVALUE_TEST_WINE=$own/wine"; }
