# What the scripts share: words, tools that must be there, PostgreSQL's programs.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export SQLX_OFFLINE=${SQLX_OFFLINE:-true}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Installs Debian packages, as root or through sudo. False where that is not possible.
install_packages() {
    local sudo=()
    have apt-get || return 1
    if [ "$(id -u)" != 0 ]; then
        have sudo || return 1
        sudo=(sudo)
    fi
    say "Installing with apt-get: $*"
    "${sudo[@]}" apt-get update -q >&2 || say "apt-get update failed; trying with the lists that are there."
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" >&2
}

need_rust() {
    if ! have cargo && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
    have cargo || die "Rust is missing: there is no cargo. Install it from https://rustup.rs (as the user who runs" \
        "this script), open a new terminal and try again."
    have cc || install_packages gcc libc6-dev ||
        die "A C compiler is missing: there is no cc. Install one (Debian: gcc libc6-dev) and try again."
}

# The directory with postgres and initdb: the named one, Debian's highest version, or that on PATH.
pg_bin() {
    local dir
    local dirs=()
    if [ -n "${QINGTING_PG_BIN:-}" ]; then
        dirs=("$QINGTING_PG_BIN")
    else
        while read -r dir; do dirs+=("$dir"); done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
        while read -r dir; do dirs+=("$dir"); done < <(printf '%s' "$PATH" | tr ':' '\n')
    fi
    for dir in "${dirs[@]}"; do
        if [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ]; then
            printf '%s\n' "$dir"
            return
        fi
    done
    return 1
}

need_postgres() {
    find_or_install_postgres
    PATH=$PATH:$(pg_bin) # psql lies beside the server, not always on PATH
}

find_or_install_postgres() {
    pg_bin >/dev/null && return
    [ -z "${QINGTING_PG_BIN:-}" ] || die "QINGTING_PG_BIN is $QINGTING_PG_BIN, which does not hold postgres and initdb."
    if have apt-get; then
        no_debian_cluster || die "PostgreSQL is missing, and only root may install it:" \
            "apt-get install postgresql (or let root run script/server once)."
        install_packages postgresql || true
    fi
    pg_bin >/dev/null || die "PostgreSQL's server is missing. Install it (Debian, Ubuntu: apt-get install postgresql;" \
        "Fedora: dnf install postgresql-server postgresql; Alpine: apk add postgresql), or name the directory of" \
        "its programs in QINGTING_PG_BIN, or set DATABASE_URL to use a server of your own."
}

# Debian starts a cluster of its own when PostgreSQL is installed, unless this is said before.
no_debian_cluster() {
    local conf=/etc/postgresql-common/createcluster.conf
    # shellcheck disable=SC2016 # $1 belongs to the inner shell
    local set='mkdir -p "${1%/*}" && { grep -v "^[[:space:]]*create_main_cluster" "$1" 2>/dev/null; echo "create_main_cluster = false"; } >"$1.qingting" && mv "$1.qingting" "$1"'
    if [ "$(id -u)" = 0 ]; then
        sh -c "$set" sh "$conf"
    else
        have sudo && sudo sh -c "$set" sh "$conf"
    fi
}

# Runs one of PostgreSQL's programs, which refuse root.
as_postgres() {
    local account=nobody
    if [ "$(id -u)" = 0 ]; then
        ! id postgres >/dev/null 2>&1 || account=postgres
        (cd / && runuser -u "$account" -- "$@")
    else
        "$@"
    fi
}

# Starts a cluster in memory that may lose everything, in the empty directory $1, with the same two
# roles and the same rights as the embedded one (src/platform/embedded/cluster.rs).
scratch_cluster() {
    local dir=$1 bin
    bin=$(pg_bin)
    if [ "$(id -u)" = 0 ]; then
        chown "$(as_postgres id -u):$(as_postgres id -g)" "$dir"
    fi
    as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust --encoding=UTF8 --locale=C.UTF-8 \
        --no-sync --no-instructions >/dev/null
    as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -s -w \
        -o "-k '$dir' -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200" start
    psql -X -q -v ON_ERROR_STOP=1 "$(scratch_url "$dir" postgres postgres)" <<'SQL'
create role qingting_owner login bypassrls;
create role qingting login;
alter role qingting set plan_cache_mode = force_custom_plan;
SQL
}

# The cluster of the directory $1, as the role $2, database $3.
scratch_url() { printf 'postgres:///%s?host=%s&user=%s\n' "$3" "$(in_url "$1")" "$2"; }

# A text as it may stand in an address: a directory can have spaces in its name.
in_url() {
    local LC_ALL=C text=$1 char i
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        case $char in
            [A-Za-z0-9._~/-]) printf '%s' "$char" ;;
            *) printf '%%%02X' "$(($(printf '%d' "'$char") & 255))" ;;
        esac
    done
}

# Makes the database $2 in the scratch cluster of $1, anew, with all tables.
scratch_database() {
    local dir=$1 name=$2 migration
    psql -X -q -v ON_ERROR_STOP=1 "$(scratch_url "$dir" postgres postgres)" <<SQL
set client_min_messages = warning;
drop database if exists $name with (force);
create database $name owner qingting_owner;
SQL
    psql -X -q -v ON_ERROR_STOP=1 "$(scratch_url "$dir" postgres "$name")" <<'SQL'
alter schema public owner to qingting_owner;
revoke all on schema public from public;
grant usage on schema public to qingting;
SQL
    for migration in "$root"/migrations/*.sql; do
        [ -e "$migration" ] || continue
        psql -X -q -1 -v ON_ERROR_STOP=1 -f "$migration" "$(scratch_url "$dir" qingting_owner "$name")" >/dev/null ||
            die "${migration#"$root"/} does not apply."
    done
}

# Stops the scratch cluster of $1, if it runs, and throws it away; never from under a running server.
end_scratch_cluster() {
    local ctl
    ctl=$(pg_bin)/pg_ctl
    as_postgres "$ctl" -D "$1/data" -m immediate -s stop 2>/dev/null || true
    ! as_postgres "$ctl" -D "$1/data" status >/dev/null 2>&1 || die "PostgreSQL in $1 does not stop."
    rm -rf "$1"
}

memory_dir() {
    if [ -d /dev/shm ] && [ -w /dev/shm ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}
