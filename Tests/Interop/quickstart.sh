#!/usr/bin/env bash
# Runs deploy/quickstart in a fresh clone, twice: the printed calendar answers, Ctrl-C leaves nothing behind.
# With ARTEMISIOS_QUICKSTART_BIN set to a directory of built executables the clone builds nothing; what it has built is
# copied to the directory that ARTEMISIOS_QUICKSTART_KEEP names.
set -uo pipefail
# Job control: each background job is a process group of its own, and Ctrl-C reaches it.
set -m
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d)
passed=0 failed=0 group=

check() {
    local sentence=$1
    shift
    if "$@"; then
        passed=$((passed + 1)) && echo "  ok    $sentence"
    else
        failed=$((failed + 1)) && echo "  FAIL  $sentence"
    fi
}
not() { ! "$@"; }
# The processes of a group, but for those that have ended and are only not collected yet.
processes() { ps -eo pgid=,stat=,pid=,args= | awk -v group="$1" '$1 == group && $2 !~ /^Z/' | grep .; }
end() {
    [ -n "$group" ] && processes "$group" >/dev/null && kill -KILL -- -"$group"
    rm -rf "$place"
}
trap end EXIT

git clone -q "$root" "$place/clone" || exit 1
cd "$place/clone" || exit 1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
if [ -n "${ARTEMISIOS_QUICKSTART_BIN:-}" ]; then
    export ARTEMISIOS_BIN=$ARTEMISIOS_QUICKSTART_BIN
else
    unset ARTEMISIOS_BIN
fi
export TMPDIR=$place/tmp
mkdir "$TMPDIR"

for round in 1 2; do
    log=$place/log$round
    # Where this script runs in the background, SIGINT is ignored and would stay so.
    env --default-signal=INT deploy/quickstart --listen "127.0.0.1:$port" --directory "$place/data" \
        >"$log" 2>&1 </dev/null &
    group=$!
    for second in $(seq 1200); do
        grep -q 'Stop with Ctrl-C' "$log" && break
        kill -0 $group 2>/dev/null || break
        [ $((second % 30)) -eq 0 ] && tail -n 1 "$log"
        sleep 1
    done
    calendar=$(grep -o "http://127.0.0.1:$port/.*/calendars/[^ ]*" "$log" | head -n 1)
    check "round $round: it prints the URL of a calendar" test -n "$calendar" || tail -n 30 "$log"
    status=$(curl -s -o "$place/answer" -w '%{http_code}' -X PROPFIND -H 'Depth: 0' "$calendar")
    check "round $round: which answers PROPFIND with 207, here $status" test "$status" = 207
    check "round $round: and is a calendar" grep -q calendar "$place/answer"
    printed=$(grep -m 1 '^ *curl ' "$log")
    check "round $round: the printed curl line works" \
        test "$(eval "$printed -s -o /dev/null -w '%{http_code}'")" = 207
    if [ $round -eq 1 ]; then
        check "a second one says that the port is taken" grep -q "port $port is taken" <(
            deploy/quickstart --listen "127.0.0.1:$port" --directory "$place/other" 2>&1)
    fi

    # Ctrl-C in a terminal: SIGINT to the whole foreground process group.
    kill -INT -- -$group
    wait $group
    check "round $round: Ctrl-C ends it with status 0" test $? -eq 0
    check "round $round: no process is left" not processes $group
    check "round $round: no socket or temporary file is left" test -z "$(ls -d "$TMPDIR"/artemisios-* 2>/dev/null)"
    check "round $round: the port is free again" not bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null
    group=
done
check "the data stays" test -d "$place/data/user/calendars/calendar"

if [ -n "${ARTEMISIOS_QUICKSTART_KEEP:-}" ]; then
    mkdir -p "$ARTEMISIOS_QUICKSTART_KEEP"
    cp .build/release/artemisios .build/release/artemisios-worker "$ARTEMISIOS_QUICKSTART_KEEP/" || failed=$((failed + 1))
fi
echo "quickstart: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
