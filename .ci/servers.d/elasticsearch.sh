# shellcheck shell=bash disable=SC2154
# Elasticsearch, the distribution that its makers publish for integration
# tests: the real server without the optional modules.
version=8.19.21

packages() {
  command -v java >/dev/null || echo default-jre-headless
  command -v mvn >/dev/null || echo maven
}

install() {
  local kept=$cache/elasticsearch-$version
  if [ ! -f "$kept.zip" ]; then
    mvn -q -B -Dstyle.color=never -f "$here/servers.d/elasticsearch/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$own/download"
    mv "$own/download/elasticsearch-$version.zip" "$kept.zip"
  fi
  rm -rf "$own/elasticsearch-$version"
  python3 - "$kept.zip" "$own" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for member in archive.infolist():
        path = archive.extract(member, sys.argv[2])
        if member.external_attr >> 16 & 0o111:
            __import__("os").chmod(path, 0o755)
PYTHON
  # The program for tests that start their own: PORT. Its files are in a
  # directory of that port, so that a restarted server finds them. It refuses to
  # run as root.
  cat >"$own/elasticsearch" <<PROGRAM
#!/bin/sh
set -e
port=\$1
home="$own/files-\$port"
if [ ! -d "\$home/config" ]; then
  mkdir -p "\$home/data" "\$home/logs" "\$home/tmp"
  cp -r "$own/elasticsearch-$version/config" "\$home/config"
  cat >"\$home/config/elasticsearch.yml" <<YAML
cluster.name: keyvalue-\$port
network.host: 127.0.0.1
http.port: \$port
transport.port: \$((port + 30000))
discovery.type: single-node
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
path.data: \$home/data
path.logs: \$home/logs
YAML
fi
set -- env -i PATH=/usr/bin:/bin HOME="\$home" ES_TMPDIR="\$home/tmp" ES_PATH_CONF="\$home/config" \\
  ES_JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")" ES_JAVA_OPTS="-Xms512m -Xmx512m -XX:TieredStopAtLevel=1" \\
  "$own/elasticsearch-$version/bin/elasticsearch"
if [ "\$(id -u)" = 0 ]; then
  chown -R nobody "\$home"
  set -- setpriv --reuid=nobody --regid=nogroup --clear-groups "\$@"
fi
cd "\$home"
exec "\$@"
PROGRAM
  chmod +x "$own/elasticsearch"
}

start() {
  local port
  port=$(free_ports 1)
  run shared "$own/elasticsearch" "$port"
  echo "export KEYVALUE_TEST_ELASTICSEARCH_URL=http://127.0.0.1:$port"
  echo "export KEYVALUE_TEST_ELASTICSEARCH_SERVER=$own/elasticsearch"
}
