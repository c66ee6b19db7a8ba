# Shared by the scripts of this folder: a temporary folder, free ports, pinned packages, and an end
# that stops every process that was started here. Source it first:
#     . "$(dirname "$0")/lib.sh"

here=$(mktemp -d)
chmod 755 "$here"
cd "$here"
started=""
export PIP_DISABLE_PIP_VERSION_CHECK=1 npm_config_fund=false npm_config_audit=false
export npm_config_update_notifier=false npm_config_loglevel=error PYTHONUNBUFFERED=1

# Stops what was started, newest first, by process id, and removes the folder.
clean_up() {
    code=$?
    trap - EXIT INT TERM
    for id in $started; do kill "$id" 2>/dev/null || true; done
    for id in $started; do
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
            kill -0 "$id" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$id" 2>/dev/null || true
        wait "$id" 2>/dev/null || true
    done
    cd /
    rm -rf "$here"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Starts a command in the background, its output in $here/NAME.log; `$last` is its process id.
start() {
    name=$1
    shift
    "$@" >"$here/$name.log" 2>&1 &
    last=$!
    started="$last $started"
}

# Stops one process that `start` started, with a signal of choice.
stop() {
    kill "-${2:-TERM}" "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Waits up to 30 s until a port accepts connections.
wait_for_port() {
    python3 - "$1" <<'PYTHON'
import socket, sys, time
for _ in range(300):
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(f"nothing listens on port {sys.argv[1]}")
PYTHON
}

# Starts a server on this port that sends each reader 1, 2, 3, ... as events, so many seconds apart.
numbers() {
    cat >"$here/numbers.py" <<'PYTHON'
import asyncio, sys

async def answer(reader, writer):
    try:
        while (await reader.readline()).strip():
            pass
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n")
        for number in range(1, 1000):
            event = b"id: %d\ndata: %d\n\n" % (number, number)
            writer.write(b"%x\r\n%s\r\n" % (len(event), event))
            await writer.drain()
            await asyncio.sleep(float(sys.argv[2]))
    except OSError:
        pass

async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
PYTHON
    start numbers python3 "$here/numbers.py" "$1" "$2"
    wait_for_port "$1"
}

# Installs a Debian package unless its program is there, and prints the version.
debian() {
    command -v "$2" >/dev/null || apt-get install -y -qq "$1" >/dev/null
    echo "$1 $(dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo 'not of Debian')"
}

# Installs pinned packages into a virtual environment; `$python` runs it.
python_packages() {
    python3 -m venv "$here/venv"
    "$here/venv/bin/pip" install -q "$@"
    python="$here/venv/bin/python"
    echo "Python $(python3 -c 'import platform; print(platform.python_version())'): $*"
}

# Installs pinned packages into $here/node_modules.
node_packages() {
    echo '{"private": true}' >"$here/package.json"
    npm install "$@" >/dev/null
    echo "Node $(node --version): $*"
}

recorded() {
    echo "AS RECORDED: $*"
    exit 0
}

changed() {
    echo "CHANGED: $*" >&2
    exit 1
}
