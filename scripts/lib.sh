# Shared by scripts/run and scripts/test: packages, builds. Sourced by bash; needs ROOT (the clone's folder) and NAME (the script's).
# Every failure is one clear line on stderr and exit 1.

say() { printf '%s: %s\n' "$NAME" "$*" >&2; }
die() { say "$*"; exit 1; }

# Names of the packages of the given stages that are not installed.
missing_packages() {
  local stage package
  while read -r stage package _; do
    [[ " $* " == *" $stage "* ]] || continue
    # Other builds of Node.js conflict with Debian's packages: what works is left alone.
    case $package in
      nodejs) command -v node >/dev/null && continue ;;
      npm) command -v npm >/dev/null && continue ;;
    esac
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done < <(grep -E '^(run|test)[[:space:]]' "$ROOT/scripts/packages.txt")
}

install_packages() {
  local missing sudo=()
  command -v dpkg-query >/dev/null || die "this is not Debian: install the packages of scripts/packages.txt by hand and use --no-install"
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "packages are missing and there is no sudo; as root: apt-get install ${missing[*]}"
    sudo=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  "${sudo[@]}" apt-get update -qq || die "apt-get update failed"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get install failed: ${missing[*]}"
}

# The compiler takes up to 2 GB for one file of the HTTP server.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ {print int($2 / 2097152)}' /proc/meminfo)
  ((memory < 1)) && memory=1
  echo $((cores < memory ? cores : memory))
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  command -v cmake >/dev/null && command -v ninja >/dev/null || die "cmake or ninja is missing (scripts/packages.txt, stage run)"
  say "building $preset $*"
  (cd "$ROOT" && cmake --preset "$preset" --log-level=WARNING >/dev/null && ninja -C "build/$preset" -j "$(build_jobs)" --quiet "$@") ||
    die "the $preset build failed"
}

# npm ci in a folder, only when its lock file changed since the last time.
npm_install() {
  local folder=$1 stamp
  stamp=$folder/node_modules/.sekisho-lock
  command -v npm >/dev/null || die "npm is missing (scripts/packages.txt, stage run)"
  cmp -s "$folder/package-lock.json" "$stamp" && return 0
  say "npm ci in ${folder#"$ROOT"/}"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >&2) || die "npm ci failed in ${folder#"$ROOT"/}"
  cp "$folder/package-lock.json" "$stamp"
}

# The web client, only when a source is newer than what was built.
build_web() {
  local web=$ROOT/web
  [[ -f $web/package.json ]] || die "web/ is missing from this clone"
  npm_install "$web"
  if [[ -f $web/dist/index.html && -z $(find "$web" -path "$web/node_modules" -prune -o -path "$web/dist" -prune -o -type f -newer "$web/dist/index.html" -print -quit) ]]; then
    return 0
  fi
  say "building the web client"
  (cd "$web" && npm run --silent build >&2) || die "the web client did not build"
}
