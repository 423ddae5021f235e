# shellcheck shell=bash
# The keyrings of a desktop and of the command line. The tests start their own.
packages() {
  command -v gnome-keyring-daemon >/dev/null || echo gnome-keyring
  command -v dbus-daemon >/dev/null || echo dbus
  command -v pass >/dev/null || echo pass
  command -v gpg >/dev/null || echo gnupg
  command -v keyctl >/dev/null || echo keyutils
}
