# shellcheck shell=bash disable=SC2154
# Amazon DynamoDB Local, in Java, with what it needs from Maven Central.
packages() {
  command -v java >/dev/null || echo default-jre-headless
  command -v mvn >/dev/null || echo maven
}

install() {
  local kept=$cache/dynamodb-local-3.3.1
  if [ ! -d "$kept" ]; then
    mvn -q -B -Dstyle.color=never -f "$here/servers.d/dynamodb/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$own/jars" -DskipTests
    mv -T "$own/jars" "$kept" || [ -d "$kept" ]
  fi
  # The program for tests that start their own: PORT, then the directory of its
  # files, without which it keeps everything in memory.
  cat >"$own/dynamodb-local" <<PROGRAM
#!/bin/sh
port=\$1
shift
[ \$# = 0 ] && set -- -inMemory || set -- -dbPath "\$1"
exec java -Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.library.path="$kept" -cp "$kept/*" \\
  software.amazon.dynamodb.services.local.main.ServerRunner "\$@" -port "\$port" -disableTelemetry
PROGRAM
  chmod +x "$own/dynamodb-local"
}

start() {
  local port
  port=$(free_ports 1)
  run dynamodb "$own/dynamodb-local" "$port"
  echo "export KEYVALUE_TEST_DYNAMODB_URL=http://127.0.0.1:$port"
  echo "export KEYVALUE_TEST_DYNAMODB_SERVER=$own/dynamodb-local"
}
