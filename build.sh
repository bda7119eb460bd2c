#!/usr/bin/env bash
# The same verbs as build.ps1. Everything is built in Release.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

usage() {
  cat <<'TEXT'
./build.sh run [-- ARGS]   build the command and the samples, and run multiproc with ARGS (without any: pi)
./build.sh test            build everything, and run all tests but those of the packages
./build.sh test packages   make the packages, and run their tests (some minutes)
./build.sh chaos [ARGS]    build and run the chaos program: --minutes M, --seed S, --processes N
./build.sh pack [ARGS]     make the packages, in artifacts; ARGS go to dotnet pack
./build.sh bench [ROW...]  measure the pool beside what else there is, and write docs/performance.md
./build.sh docs            make the documentation's site with the API reference, in artifacts/site
./build.sh format          format the sources
./build.sh lines           count the lines of the sources, by project and folder
./build.sh clean           remove what was built
TEXT
}

need_sdk() {
  # Asked in the root, where global.json says which SDK will do.
  (cd "$root" && dotnet --version) > /dev/null 2>&1 && return
  local found
  found=$(cd / && dotnet --version 2> /dev/null) || found=none
  echo "build.sh: this needs the .NET SDK 10.0.100 or a later 10.0; found: $found. Get it from https://dotnet.microsoft.com/download" >&2
  exit 1
}

# Says nothing unless the build fails.
build() {
  local log
  log=$(cd "$root" && dotnet build "$1" --configuration Release --verbosity quiet 2>&1) && return
  printf '%s\n' "$log" >&2
  exit 1
}

# Of the rooms that decide and start: how many lines any test ran. What a worker ran that was killed is not known.
show_coverage() {
  find "$1" -name '*.cobertura*.xml' -exec cat {} + | awk '
    match($0, /filename="[^"]*"/) { file = substr($0, RSTART + 10, RLENGTH - 11) }
    match($0, /<line number="[0-9]+"/) {
      line = file ":" substr($0, RSTART + 14, RLENGTH - 15)
      seen[line] = 1
      if (match($0, /hits="[0-9]+"/) && substr($0, RSTART + 6, RLENGTH - 7) > 0) hit[line] = 1
    }
    END {
      for (line in seen) {
        room = line ~ /Scheduling\// ? "src/Pool/Scheduling" : "src/Pool/Workers"
        all[room]++
        if (line in hit) covered[room]++
      }
      for (room in all) printf "  %-20s %5d of %5d lines covered, %5.1f %%\n", room, covered[room], all[room], 100 * covered[room] / all[room]
    }' | sort
}

# What failed, and how, again: above it may stand thousands of lines of the tests' own programs.
show_failures() {
  awk '
    /^failed .* \([0-9hms ]*\)$/ { left = 12 }
    /^$/ || /^(passed|skipped|Test run summary)/ { left = 0 }
    left-- > 0
  ' "$@"
}

# How the packages are used: from a feed besides those that are configured. (--source of `dotnet add package` is one instead of them.)
show_packages() {
  local feed
  feed=$(printf '%s' "$root/artifacts" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/"/\&quot;/g')
  cat > "$root/artifacts/nuget.config" <<TEXT
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="MultiProc" value="$feed" />
  </packageSources>
</configuration>
TEXT
  cat >&2 <<TEXT
Made. To use them, copy $root/artifacts/nuget.config beside a project, or into a folder above it; then any of

    dotnet add package MultiProc --prerelease
    dotnet add package MultiProc.Extensions.Hosting --prerelease
    dotnet add package MultiProc.Extensions.SpectreConsole --prerelease
    dotnet add package MultiProc.FSharp --prerelease
    dotnet tool install --global MultiProc.Tool --prerelease --add-source $root/artifacts
TEXT
}

# One test program, given as its project. What it prints is shown when it has ended: another runs beside it.
test_one() {
  local name program coverage=()
  name=$(basename "$1" .csproj)
  program=$(dirname "$1")/bin/Release/net10.0/$name
  grep -q 'Include="coverlet.MTP"' "$1" && coverage=(--results-directory "$reports" --coverlet --coverlet-output-format cobertura
    --coverlet-include '[MultiProc]MultiProc.Scheduling.*' --coverlet-include '[MultiProc]MultiProc.Workers.*')
  "$program" --progress off --ansi off ${coverage[@]+"${coverage[@]}"} > "$reports/$name.log" 2>&1 < /dev/null
  echo $? > "$reports/$name.status"
  cat "$reports/$name.log"
}

# All test programs but that of the packages, or only that; two at a time. (Not in the background: a shell makes that ignore the interrupts that specs send.)
test_all() {
  local only=${1:-} passed=0 failed=0 name total
  reports=$(mktemp -d) || exit 1
  export reports
  export -f test_one

  # Those that take longest come first, so that none is alone at the end.
  printf '%s\n' "$root"/tests/{Specs,HostSpecs,Attacks,Unit}/*.csproj "$root"/tests/*/*.csproj | awk '!seen[$0]++' | while IFS= read -r project; do
    # Those of the packages build a dozen projects, and so take longer than all others together.
    case $only:$project in
      packages:*/tests/Packages/*) ;;
      packages:* | :*/tests/Packages/*) continue ;;
    esac
    grep -q 'Include="xunit.v3"' "$project" && printf '%s\0' "$project"
  done | xargs -0 -n 1 -P 2 bash -c 'test_one "$1"' test_one
  for name in "$reports"/*.log; do
    total=$(sed -n 's/^  succeeded: \([0-9]*\)$/\1/p' "$name")
    passed=$((passed + ${total:-0}))
    total=$(sed -n 's/^  failed: \([0-9]*\)$/\1/p' "$name")

    # A program that broke off, or ran nothing, has no failed test to show for it.
    [ "$(cat "${name%.log}.status")" != 0 ] && [ "${total:-0}" -eq 0 ] && total=1
    failed=$((failed + ${total:-0}))
  done
  [ -z "$only" ] && show_coverage "$reports"
  show_failures "$reports"/*.log
  rm -rf "$reports"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

verb=${1:-}
[ $# -gt 0 ] && shift
case $verb in
  run)
    [ "${1:-}" = "--" ] && shift
    [ $# -eq 0 ] && set -- pi
    need_sdk
    [ -e "$root/src/Host/bin/Release/net10.0/multiproc" ] || echo "Building, the first time: about a minute." >&2
    build samples/samples.slnf
    exec "$root/src/Host/bin/Release/net10.0/multiproc" "$@"
    ;;
  test)
    need_sdk
    case ${1:-} in
      "") build MultiProc.sln ;;
      packages) build tests/Packages/MultiProc.Packages.csproj ;;
      *) echo "build.sh: there are no tests '$1'; there are 'packages'." >&2; exit 2 ;;
    esac
    test_all "${1:-}"
    ;;
  chaos)
    need_sdk
    build tests/Chaos/MultiProc.Chaos.csproj
    exec "$root/tests/Chaos/bin/Release/net10.0/MultiProc.Chaos" "$@"
    ;;
  bench)
    need_sdk
    build tests/Benchmarks/MultiProc.Benchmarks.csproj
    exec "$root/tests/Benchmarks/bin/Release/net10.0/MultiProc.Benchmarks" "$@"
    ;;
  pack)
    need_sdk
    echo "Making the packages: about a minute." >&2
    # In a tree of its own: sources have other paths in packages, and what was built for tests stays as it is.
    cd "$root" && dotnet pack src/packages.slnf --configuration Release -p:PackageOutputPath="$root/artifacts" --artifacts-path "$root/artifacts/build" --verbosity quiet \
      -p:ContinuousIntegrationBuild=true -p:DeterministicSourcePaths=true "$@" || exit
    show_packages
    ;;
  docs)
    need_sdk
    build src/packages.slnf
    cd "$root" && dotnet tool restore > /dev/null && exec dotnet docfx docs/docfx.json --logLevel suggestion "$@"
    ;;
  format)
    need_sdk
    cd "$root" && Configuration=Release dotnet format MultiProc.sln
    ;;
  lines)
    need_sdk
    exec dotnet run "$root/tools/lines.cs"
    ;;
  clean)
    rm -rf "$root"/src/*/bin "$root"/src/*/obj "$root"/samples/*/bin "$root"/samples/*/obj "$root"/tests/*/bin "$root"/tests/*/obj "$root/artifacts"
    ;;
  help | -h | --help)
    usage
    ;;
  *)
    [ -n "$verb" ] && echo "build.sh: there is no verb '$verb'." >&2
    usage >&2
    exit 2
    ;;
esac
