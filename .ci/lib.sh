# shellcheck shell=bash
# What the scripts of this folder share; they source it.

# debian_packages installs the named packages where that is possible.
debian_packages() {
  [ $# -gt 0 ] || return 0
  local root=() log
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  if ! command -v apt-get >/dev/null || ! "${root[@]}" true; then
    echo "missing, please install: $*" >&2
    return 1
  fi
  log=$(mktemp)
  { "${root[@]}" apt-get update -qq &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
    >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  rm "$log"
}
